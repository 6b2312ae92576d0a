// What the local user's programs (`chaperoned status|code|prompt|watch|pause|resume|end`) can ask of the daemon.

import { z } from 'zod';
import { MachineIdentity } from '../../protocol/grant.ts';
import { TechnicianIdentity } from '../../protocol/request.ts';
import { Scope } from '../../protocol/scopes.ts';
import type { PromptPlace } from '../consent/desk.ts';
import type { Prompter } from '../consent/prompter.ts';
import type { MirrorFrame } from '../mirror/frame.ts';
import { NEW_CODE_REASONS } from '../pairing/codes.ts';
import type { ToldPresence } from '../presence/presence.ts';
import type { StoredReceipt } from '../session/latest-receipts.ts';

export const SessionView = z.strictObject({
  id: z.uuid(),
  state: z.enum(['granted', 'active', 'paused', 'ended']),
  /** Why it is paused or how it ended; empty while active. */
  because: z.string().max(500),
  technician: TechnicianIdentity,
  reason: z.string().max(300),
  ticket: z.string().max(64),
  scopes: z.array(Scope).max(16),
  /** What the local user could allow in addition: policy and role give it, and it is not held. */
  addable: z.array(Scope).max(16).optional(),
  startedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  recording: z.enum(['on', 'waiting', 'failed']),
  /** Open shells and running diagnostics. */
  channels: z.int().min(0),
});
export type SessionView = z.infer<typeof SessionView>;

export const MachineStatus = z.strictObject({
  machine: MachineIdentity,
  version: z.string().max(40),
  pid: z.int(),
  listen: z.array(z.string().max(100)).max(16),
  /** OpenSSH fingerprint of the host key. */
  hostKey: z.string().max(100),
  /** C2SP verifier key of the log, grants and receipts. */
  machineKey: z.string().max(300),
  /** Names of the programs that can show a question now. Empty: every request is denied. */
  prompters: z.array(z.string().max(100)).max(32),
  /** Who is waiting for an answer right now, if anyone. */
  asking: z.strictObject({ technician: TechnicianIdentity, until: z.iso.datetime() }).nullable(),
  sessions: z.array(SessionView).max(32),
  /** Full path of the present policy, since when it holds, and what its keeper should know about it, one line each. */
  policy: z.strictObject({
    file: z.string().max(4096),
    since: z.iso.datetime(),
    notes: z.array(z.string().max(600)).max(8),
  }),
  log: z.strictObject({ size: z.int().min(0), healthy: z.boolean() }),
  /** What the machine lacks to do what its policy allows, and what to do about it, one line each. */
  lacks: z.array(z.string().max(400)).max(8).optional(),
  /** Since when the person's description of a problem waits for a technician. */
  helpAskedAt: z.iso.datetime().nullable(),
  /** Who may come back once after a restart, without being asked about again; `chaperoned end` cancels it. */
  lease: z
    .strictObject({ technician: z.string().max(80), until: z.iso.datetime() })
    .nullable()
    .optional(),
  /** What tells whether the person is here (empty: nothing does), and why they are not, in words. */
  presence: z
    .strictObject({
      known: z.array(z.string().max(100)).max(16),
      absence: z.string().max(100).nullable(),
      /** After so many ms without keyboard and mouse they count as away, for programs that see these. */
      awayAfterMs: z.int().positive().optional(),
    })
    .optional(),
});
export type MachineStatus = z.infer<typeof MachineStatus>;

export const CodeView = z.strictObject({
  connectionId: z.string().max(9),
  code: z.string().max(40),
  expiresAt: z.iso.datetime(),
  attemptsLeft: z.int().min(0).max(3),
  /** Why this code took the place of the one before. */
  because: z.enum(NEW_CODE_REASONS),
});
export type CodeView = z.infer<typeof CodeView>;

/** Names of technicians, by whether their program shows messages: plain ssh does not. */
export const Said = z.strictObject({
  reached: z.array(z.string().max(200)).max(32),
  missed: z.array(z.string().max(200)).max(32),
});
export type Said = z.infer<typeof Said>;

/** `written`: the technician wrote it, so an answer may be waited for. */
export const NoticeKind = z.enum(['happened', 'written']);
export type NoticeKind = z.infer<typeof NoticeKind>;

export interface WatchWish {
  /** Whether the watcher's window shows every session, and counts as the indicator. */
  readonly shows: boolean;
  /** Whether it wants pictures of shells; without them it gets lines alone. */
  readonly pictures: boolean;
}

/** What `watch` shows. A watcher is never sent raw bytes: frames hold text and colours only. */
export interface Watcher {
  onSession(session: SessionView): void;
  onFrame(session: string, shell: number, frame: MirrorFrame): void;
  /** One line in plain words: a diagnostic ran, a chat message came, something was refused. */
  onNotice(session: string, line: string, kind?: NoticeKind): void;
  /** The receipt as a signed note, after the end. */
  onReceipt(session: string, note: string): void;
}

/** The daemon's side. Every method that changes something is audited by the daemon. Unknown session → ChaperoneError. */
export interface LocalControls {
  status(): MachineStatus;
  code(): CodeView;
  /** Calls `listener` after each change of what `status` and `code` tell. */
  onChange(listener: () => void): Disposable;
  /** Throws the present code away, as after a call that felt wrong. */
  newCode(): Promise<CodeView>;
  /** `shows`: the prompter's window shows every session too, and counts as the indicator. */
  addPrompter(prompter: Prompter, shows: boolean, place: PromptPlace): Disposable;
  /** A window that shows this one session, until disposed of; then the session ends, if it lives. */
  indicate(session: string): Disposable;
  /** A program that sees the person's desktop says whether they are there: it can pause, and never resume. */
  hearPresence(): ToldPresence;
  /** The session named, or all when null. Resolve when it has happened; with the sessions that it touched. */
  pause(session: string | null): Promise<SessionView[]>;
  resume(session: string | null): Promise<SessionView[]>;
  end(session: string | null): Promise<SessionView[]>;
  /** Takes permissions back; what lived by them is over when this resolves. The last one ends the session. */
  withdraw(session: string | null, scopes: readonly Scope[]): Promise<SessionView[]>;
  /** Adds permissions that policy gives to the technician's role. */
  allow(session: string | null, scopes: readonly Scope[]): Promise<SessionView[]>;
  /** The present state of every live session comes first, and what has happened in it. */
  watch(watcher: Watcher, wish: WatchWish): Disposable;
  /** Keeps a description for the next technician; empty words take it back. */
  askForHelp(text: string): Promise<void>;
  /** Of the sessions that ended last, the newest first. */
  receipts(): Promise<StoredReceipt[]>;
  /** A chat line from the local user; with who has a program that shows it. */
  say(session: string | null, text: string): Promise<Said>;
}
