// The one list of what can happen: every audit event, what it means, how grave it is and which fields it carries.

import { z } from 'zod';
import { CERTIFICATE_REFUSALS } from '../identity/certificate-refusal.ts';
import { END_PARTIES, GRANT_PARTIES } from '../receipt.ts';
import { TechnicianIdentity } from '../request.ts';
import { Scope } from '../scopes.ts';

export type Severity = 'info' | 'notice' | 'warning' | 'alert';

const Line = z.string().max(500);
const Count = z.int().min(0);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Address = z.string().max(64);
const Proposal = z.strictObject({
  number: Count,
  purpose: Line,
  command: z.string().max(3000),
  how: z.enum(['program', 'shell']),
  risk: z.enum(['reads', 'changes', 'dangerous', 'unknown']),
  digest: Sha256,
});
/** CPace, or the code as text in plain ssh. */
const CodeProof = z.enum(['pairing', 'typed']);
const Scopes = z.array(Scope).max(16);

/** Fields of each event. Bodies are sealed, so they may hold what the clear header may not. */
export const EVENT_FIELDS = {
  'daemon.started': z.strictObject({
    version: Line,
    pid: Count,
    listen: z.array(Line).max(16),
    policy: Sha256,
    /** Processes of sessions that a daemon which was killed had left running, and that are ended now. */
    leftoversEnded: Count.optional(),
  }),
  'daemon.stopped': z.strictObject({ reason: Line }),
  'log.recovered': z.strictObject({
    cutEntries: Count,
    keptEntries: Count,
    cutFiles: z.array(Line).max(100),
  }),
  'clock.changed': z.strictObject({ behindMs: Count }),
  'policy.loaded': z.strictObject({
    file: Line,
    sha256: Sha256,
    /** Fingerprints of the keys that sign technicians' certificates; they stand in files of their own. */
    cas: z.array(Line).max(64).optional(),
    organisation: z.strictObject({ file: Line, version: Count, sha256: Sha256, signedBy: Line }).nullable().optional(),
  }),
  'policy.refused': z.strictObject({ file: Line, problem: Line }),
  'revocations.loaded': z.strictObject({ file: Line, sequence: Line, entries: Count, signer: Line }),
  'revocations.refused': z.strictObject({ file: Line, problem: Line, kept: z.boolean() }),
  'code.created': z.strictObject({ reason: Line, expiresAt: z.iso.datetime() }),
  'connection.refused': z.strictObject({ address: Address, reason: Line, suppressed: Count }),
  'technician.authenticated': z.strictObject({ address: Address, technician: TechnicianIdentity, client: Line }),
  'technician.refused': z.strictObject({
    address: Address,
    reason: z.enum(CERTIFICATE_REFUSALS),
    detail: Line,
    name: Line,
    serial: Line,
    key: Line,
    ca: Line,
    suppressed: Count,
  }),
  'code.wrong': z.strictObject({ address: Address, attemptsLeft: Count, proof: CodeProof }),
  'code.accepted': z.strictObject({ address: Address, proof: CodeProof }),
  'code.limited': z.strictObject({ address: Address, by: z.enum(['key', 'address']), waitMs: Count }),
  'request.made': z.strictObject({
    technician: TechnicianIdentity,
    address: Address,
    client: Line,
    reason: Line,
    ticket: Line,
    asked: Scopes,
    refusedByPolicy: Scopes,
  }),
  'request.refused': z.strictObject({ address: Address, client: Line, asked: Scopes, reason: Line }),
  'consent.prompted': z.strictObject({ prompter: Line, until: z.iso.datetime() }),
  'consent.displayed': z.strictObject({ prompter: Line }),
  'consent.granted': z.strictObject({ scopes: Scopes, declined: Scopes, expiresAt: z.iso.datetime() }),
  'consent.leased': z.strictObject({ scopes: Scopes, former: Line, expiresAt: z.iso.datetime() }),
  'consent.denied': z.strictObject({ reason: Line }),
  'consent.expired': z.strictObject({ afterMs: Count }),
  'consent.withdrawn': z.strictObject({ reason: Line }),
  'session.started': z.strictObject({ grant: Sha256, scopes: Scopes, containment: Line }),
  'grant.changed': z.strictObject({
    by: z.enum(GRANT_PARTIES),
    reason: Line,
    added: Scopes,
    withdrawn: Scopes,
    scopes: Scopes,
    grant: Sha256,
  }),
  'scope.requested': z.strictObject({ reason: Line, asked: Scopes, refusedByPolicy: Scopes }),
  'scope.answered': z.strictObject({ outcome: Line, reason: Line, scopes: Scopes }),
  'lease.made': z.strictObject({ scopes: Scopes, until: z.iso.datetime() }),
  'lease.waiting': z.strictObject({ technician: Line, until: z.iso.datetime() }),
  'lease.used': z.strictObject({ session: Line }),
  'lease.cancelled': z.strictObject({ reason: Line }),
  'session.paused': z.strictObject({ reason: Line }),
  'session.resumed': z.strictObject({ by: Line }),
  'session.revoked': z.strictObject({ detail: Line, sinceChangeMs: Count }),
  'session.ended': z.strictObject({
    by: z.enum(END_PARTIES),
    reason: Line,
    cutOffMs: z.number().min(0),
    processesLeft: Count,
  }),
  'receipt.issued': z.strictObject({ sha256: Sha256 }),
  'shell.opened': z.strictObject({
    number: Count,
    program: Line,
    user: Line,
    cols: Count,
    rows: Count,
    recording: Line,
  }),
  'shell.closed': z.strictObject({
    number: Count,
    exitCode: z.int().nullable(),
    signal: z.string().max(20).nullable(),
    bytesOut: Count,
    bytesIn: Count,
    recordingBytes: Count,
    recordingSha256: Sha256,
  }),
  'recording.failed': z.strictObject({ number: Count, problem: Line }),
  'command.proposed': Proposal,
  'command.edited': Proposal,
  'command.answered': z.strictObject({ number: Count, answer: Line, reason: Line, digest: Sha256 }),
  'command.started': z.strictObject({
    number: Count,
    command: z.string().max(3000),
    how: z.enum(['program', 'shell']),
    digest: Sha256,
    recording: Line,
  }),
  'command.ended': z.strictObject({
    number: Count,
    outcome: Line,
    exitCode: z.int().nullable(),
    durationMs: Count,
    recordingBytes: Count,
    recordingSha256: Sha256,
  }),
  'diagnostic.started': z.strictObject({
    id: Line,
    parameters: z.record(z.string().max(64), z.union([z.string().max(1000), z.number()])),
  }),
  'diagnostic.ended': z.strictObject({
    id: Line,
    outcome: z.enum(['done', 'failed', 'cancelled', 'timeout']),
    message: Line,
    durationMs: Count,
  }),
  'chat.message': z.strictObject({ from: z.enum(['technician', 'local user']), text: z.string().max(2000) }),
  'note.added': z.strictObject({ text: z.string().max(2000) }),
  'help.asked': z.strictObject({ text: z.string().max(2000) }),
  'ssh.refused': z.strictObject({ what: Line, detail: Line, suppressed: Count }),
  'connection.opened': z.strictObject({ machine: Line, address: Line, hostKey: Line }),
  'connection.failed': z.strictObject({ machine: Line, address: Line, reason: Line }),
  'request.sent': z.strictObject({ machine: Line, reason: Line, ticket: Line, asked: Scopes }),
  'receipt.received': z.strictObject({ machine: Line, sha256: Sha256, checkpoint: z.string().max(4096) }),
  'recording.kept': z.strictObject({
    recording: Line,
    recordingBytes: Count,
    recordingSha256: Sha256,
    /** False when the copy could not be written any further, and what was shown after that is missing. */
    complete: z.boolean(),
  }),
  'recording.found': z.strictObject({ recording: Line, recordingBytes: Count, recordingSha256: Sha256 }),
  'recording.viewed': z.strictObject({ recording: Line }),
} as const;

export type EventType = keyof typeof EVENT_FIELDS;
export type EventFields<T extends EventType> = z.input<(typeof EVENT_FIELDS)[T]>;

interface EventWords {
  readonly meaning: string;
  readonly severity: Severity;
}

export const EVENTS: Readonly<Record<EventType, EventWords>> = {
  'daemon.started': { meaning: 'the daemon started', severity: 'info' },
  'daemon.stopped': { meaning: 'the daemon stopped', severity: 'info' },
  'log.recovered': {
    meaning: 'after a crash, the end of the log was put in order: whole entries kept, torn ones cut',
    severity: 'warning',
  },
  'clock.changed': {
    meaning: 'the clock went back; times in the log stand still until it catches up',
    severity: 'warning',
  },
  'policy.loaded': { meaning: 'a policy took effect', severity: 'notice' },
  'policy.refused': { meaning: 'a policy was refused; the former one stays', severity: 'warning' },
  'revocations.loaded': { meaning: 'a list of what the organisation took back took effect', severity: 'notice' },
  'revocations.refused': { meaning: 'a revocation list is not believed', severity: 'alert' },
  'code.created': { meaning: 'a new one-time code was made', severity: 'info' },
  'connection.refused': { meaning: 'a connection was refused before any prompt', severity: 'warning' },
  'technician.authenticated': { meaning: 'a technician proved their key', severity: 'info' },
  'technician.refused': { meaning: 'a certificate or a key was refused', severity: 'warning' },
  'code.wrong': { meaning: 'a wrong one-time code was given', severity: 'warning' },
  'code.limited': { meaning: 'too many wrong codes: no try was allowed for a while', severity: 'warning' },
  'code.accepted': { meaning: 'the one-time code was right', severity: 'info' },
  'request.made': { meaning: 'a technician asked for a session', severity: 'notice' },
  'request.refused': {
    meaning: 'only what the policy does not give was asked for: no code was taken',
    severity: 'notice',
  },
  'consent.prompted': { meaning: 'the local user was asked', severity: 'info' },
  'consent.displayed': { meaning: 'the question is on screen', severity: 'info' },
  'consent.granted': { meaning: 'the local user allowed the session', severity: 'notice' },
  'consent.leased': { meaning: 'a technician came back after a restart, as was allowed before it', severity: 'notice' },
  'consent.denied': { meaning: 'the request was denied', severity: 'notice' },
  'consent.expired': { meaning: 'nobody answered in time', severity: 'notice' },
  'consent.withdrawn': { meaning: 'the technician went away before an answer', severity: 'info' },
  'session.started': { meaning: 'a session began', severity: 'notice' },
  'grant.changed': { meaning: 'permissions were added or withdrawn while the session lived', severity: 'notice' },
  'scope.requested': { meaning: 'the technician asked for more', severity: 'notice' },
  'scope.answered': { meaning: 'the question for more was answered', severity: 'notice' },
  'lease.made': { meaning: 'a technician may come back once after a restart', severity: 'warning' },
  'lease.waiting': { meaning: 'after a start of the daemon, a technician may still come back', severity: 'warning' },
  'lease.used': { meaning: 'the permission to come back was used up', severity: 'notice' },
  'lease.cancelled': { meaning: 'the permission to come back is over', severity: 'notice' },
  'session.paused': { meaning: 'the session was paused', severity: 'notice' },
  'session.resumed': { meaning: 'the session went on', severity: 'notice' },
  'session.revoked': { meaning: 'the organisation took back the certificate or key of a session', severity: 'alert' },
  'session.ended': { meaning: 'the session ended', severity: 'notice' },
  'receipt.issued': { meaning: 'the receipt was signed', severity: 'info' },
  'shell.opened': { meaning: 'a shell was opened', severity: 'notice' },
  'shell.closed': { meaning: 'a shell was closed', severity: 'info' },
  'recording.failed': { meaning: 'the recording could not be written', severity: 'alert' },
  'command.proposed': { meaning: 'the technician suggested a command', severity: 'notice' },
  'command.edited': { meaning: 'the local user changed a suggested command', severity: 'notice' },
  'command.answered': { meaning: 'a suggested command was approved, or not', severity: 'notice' },
  'command.started': { meaning: 'an approved command was started', severity: 'notice' },
  'command.ended': { meaning: 'an approved command ended', severity: 'info' },
  'diagnostic.started': { meaning: 'a diagnostic was run', severity: 'info' },
  'diagnostic.ended': { meaning: 'a diagnostic finished', severity: 'info' },
  'chat.message': { meaning: 'a chat message was sent', severity: 'info' },
  'note.added': { meaning: 'the technician wrote a note', severity: 'info' },
  'help.asked': { meaning: 'the local user asked for help, or took that back', severity: 'info' },
  'ssh.refused': { meaning: 'a request outside the grant was refused', severity: 'warning' },
  'connection.opened': { meaning: 'this program connected to a machine', severity: 'info' },
  'connection.failed': { meaning: 'a connection to a machine failed or was refused', severity: 'info' },
  'request.sent': { meaning: 'a session was asked for', severity: 'notice' },
  'receipt.received': { meaning: 'a machine sent its receipt', severity: 'notice' },
  'recording.kept': { meaning: 'the technician’s copy of what a shell showed was closed', severity: 'info' },
  'recording.found': {
    meaning: 'a copy was found whose program had been killed: before this entry nothing vouches for it',
    severity: 'warning',
  },
  'recording.viewed': { meaning: 'a recording was replayed', severity: 'notice' },
};

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENT_FIELDS, type);
}
