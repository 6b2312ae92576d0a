// The signed summary that both people get when a session ends.

import { z } from 'zod';
import { Grant } from './grant.ts';
import { Scope } from './scopes.ts';

const Instant = z.iso.datetime();
const Count = z.int().min(0);

/** Per session, so that a receipt fits into one control message; the machine refuses more. */
export const SHELLS_MAX = 60;
export const DIAGNOSTICS_MAX = 250;
export const COMMANDS_MAX = 100;
/** Changes of the grant after which nothing is added any more; what was added can always be withdrawn. */
export const GRANT_CHANGES_MAX = 100;

export const END_PARTIES = ['local user', 'technician', 'time limit', 'machine', 'connection'] as const;
export const EndParty = z.enum(END_PARTIES);
export type EndParty = z.infer<typeof EndParty>;

export const ShellSummary = z.strictObject({
  number: Count,
  program: z.string().max(200),
  openedAt: Instant,
  closedAt: Instant,
  exitCode: z.int().nullable(),
  signal: z.string().max(20).nullable(),
  bytesOut: Count,
  bytesIn: Count,
  recording: z.strictObject({
    file: z.string().max(100),
    bytes: Count,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});
export type ShellSummary = z.infer<typeof ShellSummary>;

/** A command that a technician suggested and the local user approved. */
export const CommandSummary = z.strictObject({
  number: Count,
  /** What ran, cut where it is long; `digest` names all of it, as in the log. */
  command: z.string().max(200),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  startedAt: Instant,
  outcome: z.enum(['done', 'failed', 'cancelled', 'timeout']),
  exitCode: z.int().nullable(),
  recording: ShellSummary.shape.recording,
});
export type CommandSummary = z.infer<typeof CommandSummary>;

export const DiagnosticSummary = z.strictObject({
  id: z.string().max(64),
  startedAt: Instant,
  outcome: z.enum(['done', 'failed', 'cancelled', 'timeout']),
});
export type DiagnosticSummary = z.infer<typeof DiagnosticSummary>;

/** Who can change a grant while the session lives. */
export const GRANT_PARTIES = ['local user', 'technician', 'machine'] as const;
export type GrantParty = (typeof GRANT_PARTIES)[number];

export const GrantChange = z.strictObject({
  at: Instant,
  by: z.enum(GRANT_PARTIES),
  /** In plain words, one line. */
  reason: z.string().max(300),
  added: z.array(Scope).max(16),
  withdrawn: z.array(Scope).max(16),
});
export type GrantChange = z.infer<typeof GrantChange>;

export const Receipt = z.strictObject({
  v: z.literal(1),
  /** As it stood at the end. */
  grant: Grant,
  /** What was added and withdrawn while the session lived, in order; absent when nothing was. */
  grantChanges: z
    .array(GrantChange)
    .max(GRANT_CHANGES_MAX * 2 + 16)
    .optional(),
  /** What the person had written when they asked for help, as the technician was told; absent when nothing. */
  helpAsked: z.string().max(2000).optional(),
  startedAt: Instant,
  endedAt: Instant,
  endedBy: EndParty,
  /** In plain words, one line. */
  endReason: z.string().max(300),
  scopesUsed: z.array(Scope).max(16),
  shells: z.array(ShellSummary).max(SHELLS_MAX),
  diagnostics: z.array(DiagnosticSummary).max(DIAGNOSTICS_MAX),
  /** Absent when none ran. */
  commands: z.array(CommandSummary).max(COMMANDS_MAX).optional(),
  /** Suggested commands to which the local user said no; the log has each. Absent when none. */
  commandsDeclined: Count.optional(),
  /** Requests outside the grant, by what was tried. */
  refused: z.array(z.strictObject({ what: z.string().max(100), count: Count })).max(100),
  /** The recording stopped working, so its end is missing; then the session was ended. */
  recordingFailed: z.boolean().optional(),
  pauses: Count,
  /** Bytes of session content in each direction, without SSH's own framing. */
  bytes: z.strictObject({ toTechnician: Count, fromTechnician: Count }),
  /** Processes of the session that were found alive after the end; always 0 or the machine says so. */
  processesLeft: Count,
  /** The machine's log at the end, a C2SP checkpoint (signed note) that covers the leaf `session.ended`. */
  checkpoint: z.string().max(4096),
});
export type Receipt = z.infer<typeof Receipt>;
