// The control channel (`subsystem chaperone`): JSON-RPC 2.0, one message per line, every message parsed by schema.

import { z } from 'zod';
import { DiagnosticDescriptor, DiagnosticEnd, DiagnosticOutput } from '../diagnostics.ts';
import { Grant } from '../grant.ts';
import { Scope, ScopeList } from '../scopes.ts';

/** SSH subsystem name of the control channel. */
export const CONTROL_SUBSYSTEM = 'chaperone';

const GRANT_NOTE_MAX = 16_384; // characters of a signed grant
const TEXT_MAX = 2000; // characters of a chat message or note; a screen of text

export const SessionState = z.strictObject({
  state: z.enum(['granted', 'active', 'paused', 'ended']),
  /** In plain words, for the technician's screen. */
  message: z.string().max(500),
  at: z.iso.datetime(),
  /** Other technicians who are connected to the machine now, by name. */
  others: z.array(z.string().max(80)).max(32).optional(),
});
export type SessionState = z.infer<typeof SessionState>;

export const SessionInfo = z.strictObject({
  grant: Grant,
  /** The grant as a signed note; verify it with `machineKey`. */
  grantNote: z.string().max(GRANT_NOTE_MAX),
  /** C2SP verifier key of the machine's log, grants and receipts. */
  machineKey: z.string().max(300),
  state: SessionState,
  startedAt: z.iso.datetime(),
  /** The machine's clock when it answered. */
  now: z.iso.datetime(),
});
export type SessionInfo = z.infer<typeof SessionInfo>;

export const ChatMessage = z.strictObject({
  from: z.enum(['technician', 'local user']),
  text: z.string().max(TEXT_MAX),
  at: z.iso.datetime(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** One leaf of the machine's log that belongs to this session, opened for the technician. */
export const AuditEventView = z.strictObject({
  seq: z.int().min(0),
  time: z.iso.datetime(),
  type: z.string().max(64),
  severity: z.enum(['info', 'notice', 'warning', 'alert']),
  fields: z.record(z.string().max(64), z.json()),
});
export type AuditEventView = z.infer<typeof AuditEventView>;

const Empty = z.strictObject({});
const Text = z.strictObject({ text: z.string().min(1).max(TEXT_MAX) });
const RunId = z.int().min(1);
const Purpose = z.string().min(1).max(300); // one line, as the person reads it

export const SCOPE_OUTCOMES = ['allowed', 'declined', 'nobody', 'expired', 'withdrawn'] as const;
export const PROPOSAL_OUTCOMES = [
  ...(['done', 'failed', 'cancelled', 'timeout'] as const),
  ...(['declined', 'nobody', 'expired', 'withdrawn'] as const),
] as const;

/** Where a suggested command stands. `command` is what the local user sees or what runs: they may have changed it. */
export const ProposalState = z.strictObject({
  proposal: RunId,
  state: z.enum(['asking', 'displayed', 'running']),
  command: z.string().max(3000),
  message: z.string().max(500),
});
export type ProposalState = z.infer<typeof ProposalState>;

export const ProposalResult = z.strictObject({
  proposal: RunId,
  outcome: z.enum(PROPOSAL_OUTCOMES),
  message: z.string().max(500),
  exitCode: z.int().nullable(),
  truncated: z.boolean(),
  durationMs: z.number().min(0),
});
export type ProposalResult = z.infer<typeof ProposalResult>;

/** How a request for more ended; the signed grant came before it as `grant.changed`. */
export const ScopeAnswer = z.strictObject({
  question: RunId,
  outcome: z.enum(SCOPE_OUTCOMES),
  message: z.string().max(500),
  /** What was added. */
  scopes: z.array(Scope).max(16),
});
export type ScopeAnswer = z.infer<typeof ScopeAnswer>;

/** Requests, technician → machine: method → parameters and result. */
export const REQUESTS = {
  'session.info': { params: Empty, result: SessionInfo },
  /** `finished`: what was asked for is done, as after a single health check; nobody broke anything off. */
  'session.end': { params: z.strictObject({ finished: z.boolean().optional() }), result: Empty },
  'audit.list': { params: Empty, result: z.strictObject({ events: z.array(AuditEventView).max(1000) }) },
  'diagnostics.list': {
    params: Empty,
    result: z.strictObject({ diagnostics: z.array(DiagnosticDescriptor).max(200) }),
  },
  'diagnostics.run': {
    params: z.strictObject({
      id: z.string().max(64),
      parameters: z.record(z.string().max(64), z.union([z.string().max(1000), z.number()])),
    }),
    result: z.strictObject({ run: RunId }),
  },
  'diagnostics.cancel': { params: z.strictObject({ run: RunId }), result: Empty },
  /** The answer comes later, as `scope.answered`. */
  'scope.request': {
    params: z.strictObject({ scopes: ScopeList, reason: Purpose }),
    result: z.strictObject({ question: RunId }),
  },
  /** What becomes of it comes as `command.state`, `command.output` and `command.result`. */
  'command.propose': {
    params: z.strictObject({ command: z.string().min(1).max(1000), purpose: Purpose }),
    result: z.strictObject({
      proposal: RunId,
      command: z.string().max(3000),
      risk: z.enum(['reads', 'changes', 'dangerous', 'unknown']),
    }),
  },
  'command.cancel': { params: z.strictObject({ proposal: RunId }), result: Empty },
  /** Needs the scope `reboot`: the secret lets this technician come back once after a restart. */
  'reboot.prepare': {
    params: Empty,
    result: z.strictObject({ secret: z.string().max(100), expiresAt: z.iso.datetime() }),
  },
  'chat.send': { params: Text, result: Empty },
  'note.add': { params: Text, result: Empty },
} as const;
export type RequestMethod = keyof typeof REQUESTS;
export type RequestParams<M extends RequestMethod> = z.infer<(typeof REQUESTS)[M]['params']>;
export type RequestResult<M extends RequestMethod> = z.infer<(typeof REQUESTS)[M]['result']>;

/** Notifications, machine → technician: method → parameters. */
export const NOTIFICATIONS = {
  'session.state': SessionState,
  /** The local user, the policy or an answered `scope.request` changed what is allowed. */
  'grant.changed': z.strictObject({ grant: Grant, grantNote: z.string().max(GRANT_NOTE_MAX) }),
  'diagnostics.output': z.strictObject({ run: RunId, output: DiagnosticOutput }),
  'diagnostics.end': z.strictObject({ run: RunId, end: DiagnosticEnd }),
  'scope.answered': ScopeAnswer,
  'command.state': ProposalState,
  'command.output': z.strictObject({
    proposal: RunId,
    stream: z.enum(['stdout', 'stderr']),
    text: z.string().max(64 * 1024),
  }),
  'command.result': ProposalResult,
  'chat.message': ChatMessage,
  /** Whether the local user is at the machine, so far as it can tell; `words` says why not. */
  presence: z.strictObject({ here: z.boolean(), words: z.string().max(200) }),
  'audit.event': AuditEventView,
  /** The receipt as a signed note; the last message of a session. */
  receipt: z.strictObject({ note: z.string().max(256 * 1024) }),
} as const;
export type NotificationMethod = keyof typeof NOTIFICATIONS;
export type NotificationParams<M extends NotificationMethod> = z.infer<(typeof NOTIFICATIONS)[M]>;
