// What travels over the machine's local socket: JSON-RPC 2.0, one message per line, both ways parsed by these schemas.

import { z } from 'zod';
import { Scope } from '../../protocol/scopes.ts';
import { CommandAnswer, CommandQuestion } from '../consent/command-question.ts';
import { PromptAnswer, PromptQuestion } from '../consent/prompter.ts';
import type { MirrorFrame } from '../mirror/frame.ts';
import { ABSENCES } from '../presence/presence.ts';
import { CodeView, MachineStatus, NoticeKind, Said, SessionView } from './controls.ts';

const TEXT_MAX = 2000; // characters of a chat line, as on the control channel
const NOTE_MAX = 128 * 1024; // characters of a receipt; a line holds 256 KiB

const Picture: z.ZodType<MirrorFrame> = z.strictObject({
  cols: z.int().min(1).max(1000),
  rows: z.int().min(1).max(500),
  /** Printable text and SGR only; the program that draws them checks that again. */
  lines: z.array(z.string().max(64 * 1024)).max(500),
  cursor: z.strictObject({ x: z.int().min(0), y: z.int().min(0), visible: z.boolean() }),
});

const Empty = z.strictObject({});
/** Whether the program's own window shows every session; one that opens windows for them says `indicator.up` instead. */
const Shows = z.boolean().default(true);
const SessionId = z.uuid().nullable();
const Touched = z.strictObject({ sessions: z.array(SessionView).max(32) });

const SomeScopes = z.strictObject({ session: SessionId, scopes: z.array(Scope).min(1).max(16) });

/** Requests, program → daemon: method → parameters and result. */
export const LOCAL_REQUESTS = {
  status: { params: Empty, result: MachineStatus },
  code: { params: Empty, result: CodeView },
  'code.new': { params: Empty, result: CodeView },
  'session.pause': { params: z.strictObject({ session: SessionId }), result: Touched },
  'session.resume': { params: z.strictObject({ session: SessionId }), result: Touched },
  'session.end': { params: z.strictObject({ session: SessionId }), result: Touched },
  'scopes.withdraw': { params: SomeScopes, result: Touched },
  'scopes.allow': { params: SomeScopes, result: Touched },
  /** Words for the next technician; empty ones take them back. */
  'help.ask': { params: z.strictObject({ text: z.string().max(TEXT_MAX) }), result: Empty },
  receipts: {
    params: Empty,
    result: z.strictObject({
      receipts: z.array(z.strictObject({ session: z.uuid(), note: z.string().max(NOTE_MAX) })).max(10),
    }),
  },
  say: { params: z.strictObject({ session: SessionId, text: z.string().min(1).max(TEXT_MAX) }), result: Said },
  /** From now on the `watch.…` notifications come; the present state first. */
  'watch.start': { params: z.strictObject({ shows: Shows, pictures: z.boolean().default(true) }), result: Empty },
  /** This program can show questions: `prompt.show` and `machine.changed` may come until the connection closes. */
  'prompt.attach': {
    params: z.strictObject({
      name: z.string().min(1).max(100),
      shows: Shows,
      /** It can show proposed commands too (`command.show`). */
      commands: z.boolean().optional(),
      /** The person in front of it came over the network: they are asked when nobody else can be. */
      remote: z.boolean().optional(),
    }),
    result: Empty,
  },
  /** The question is on screen: an answer counts some time after this was answered. */
  'prompt.displayed': { params: z.strictObject({ id: z.uuid() }), result: Empty },
  /** This window is closed: it asks and shows nothing any more. What is left is told after that. */
  'window.leave': { params: Empty, result: MachineStatus },
} as const;
export type LocalMethod = keyof typeof LOCAL_REQUESTS;
export type LocalParams<M extends LocalMethod> = z.output<(typeof LOCAL_REQUESTS)[M]['params']>;
/** As they are sent: what has a default may be left out. */
export type LocalGiven<M extends LocalMethod> = z.input<(typeof LOCAL_REQUESTS)[M]['params']>;
export type LocalResult<M extends LocalMethod> = z.infer<(typeof LOCAL_REQUESTS)[M]['result']>;

/** Notifications, program → daemon. Those about another question than the present one are ignored. */
export const PROGRAM_NOTICES = {
  /** The program cannot show the question after all. */
  'prompt.failed': z.strictObject({ id: z.uuid(), problem: z.string().max(200) }),
  'prompt.answer': z.strictObject({ id: z.uuid(), answer: PromptAnswer }),
  'command.answer': z.strictObject({ id: z.uuid(), answer: CommandAnswer }),
  /** A window of this program shows the session from now on, and until it says otherwise or is gone. */
  'indicator.up': z.strictObject({ session: z.uuid() }),
  'indicator.down': z.strictObject({ session: z.uuid() }),
  /** Whether the person is there, as this program sees it from now on. */
  'presence.seen': z.strictObject({ absence: z.enum(ABSENCES).nullable() }),
} as const;
export type ProgramNotice = keyof typeof PROGRAM_NOTICES;

/** Notifications, daemon → program. */
export const DAEMON_NOTICES = {
  'prompt.show': PromptQuestion,
  /** Displayed, failed and withdrawn as any question. */
  'command.show': CommandQuestion,
  /** The question is over, whoever ended it: it must leave the screen. */
  'prompt.withdraw': z.strictObject({ id: z.uuid() }),
  /** How things are from now on. */
  'machine.changed': z.strictObject({ status: MachineStatus, code: CodeView }),
  'watch.session': SessionView,
  'watch.frame': z.strictObject({ session: z.uuid(), shell: z.int().min(0), frame: Picture }),
  'watch.notice': z.strictObject({ session: z.uuid(), line: z.string().max(500), kind: NoticeKind.optional() }),
  'watch.receipt': z.strictObject({ session: z.uuid(), note: z.string().max(NOTE_MAX) }),
} as const;
export type DaemonNotice = keyof typeof DAEMON_NOTICES;
export type DaemonNoticeParams<M extends DaemonNotice> = z.infer<(typeof DAEMON_NOTICES)[M]>;

export function isLocalMethod(method: string): method is LocalMethod {
  return Object.hasOwn(LOCAL_REQUESTS, method);
}

export function isProgramNotice(method: string): method is ProgramNotice {
  return Object.hasOwn(PROGRAM_NOTICES, method);
}

export function isDaemonNotice(method: string): method is DaemonNotice {
  return Object.hasOwn(DAEMON_NOTICES, method);
}
