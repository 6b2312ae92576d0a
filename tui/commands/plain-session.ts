// A session held at a terminal without the dashboard, or by a program: what happens is told line by line.

import { EXIT, type ExitCode } from '../../protocol/errors.ts';
import { SHELL_SCOPES } from '../../protocol/scopes.ts';
import { SessionOver } from '../connection/errors.ts';
import type { EndOptions, LiveSession } from '../connection/live-session.ts';
import { timeInWords } from '../records/amounts.ts';
import { actOn, TypedLines } from './escapes.ts';
import { takenBack } from './grant-news.ts';
import type { Interruption } from './interruption.ts';
import { warnOfEnd } from './last-minute.ts';
import { runLineShell, type ShellEnd } from './line-shell.ts';
import { printEvent, say } from './output.ts';
import { endingOf } from './session-ending.ts';
import { discardTyped } from './typed-ahead.ts';

const WORD_MS = 5_000; // for the machine to write down why it took a shell away; then it is treated as any other end
const NO_WORDS: ShellEnd = { words: '', cut: false };
// The terminal gives whole lines, so that what begins with ~ needs an Enter, other than with ssh.
const WITH_SHELL = 'at the beginning of a line, ~. then Enter ends the session and ~? then Enter lists more';
const WITHOUT_SHELL = 'Ctrl-C ends the session, ~? then Enter lists what you can type';

/** Holds `session` until its shell, the other side or the interruption ends it. Resolves with the exit code. */
export async function holdSession(session: LiveSession, json: boolean, interruption: Interruption): Promise<ExitCode> {
  const { signal } = interruption;
  const atTerminal = !json && process.stdin.isTTY === true;
  using _news = tellNews(session, json);
  using _warning = json ? null : warnOfEnd(session);
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => stop(), { once: true });
  if (signal.aborted) stop();
  const gone = (): boolean => session.snapshot().state === 'ended' || signal.aborted;
  const mayShell = (): boolean => SHELL_SCOPES.some((scope) => session.snapshot().grant.scopes.includes(scope));
  tellGrant(session, json, atTerminal, mayShell());
  for (;;) {
    if (atTerminal && !mayShell()) await typedUntil(session, mayShell, stopped);
    if (!mayShell() || gone()) break;
    const shell = runLineShell(session, json, interruption).catch((problem: unknown): ShellEnd => {
      if (problem instanceof SessionOver) return NO_WORDS; // told below, as every end
      throw problem;
    });
    const end = await Promise.race([shell, stopped.then(() => NO_WORDS), session.finished.then(() => NO_WORDS)]);
    // The shell goes at once, and the word why follows when the machine has written it down.
    if (end.cut) await changedUntil(session, () => !mayShell() || gone(), stopped);
    if (!end.cut || mayShell() || gone()) {
      const code = await leaveSession(session, json, end.words);
      await discardTyped();
      return code;
    }
    if (!atTerminal) {
      const code = await leaveSession(session, json, 'without it nothing that comes in here can be done: this leaves');
      return code === EXIT.ok ? EXIT.ended : code;
    }
    await discardTyped(); // what was begun for the shell
    say(`the session goes on without a shell; ${WITHOUT_SHELL}`);
  }
  await Promise.race([session.finished, stopped]);
  return await leaveSession(session, json);
}

function tellGrant(session: LiveSession, json: boolean, atTerminal: boolean, shell: boolean): void {
  const { grant, until } = session.snapshot();
  if (json) {
    const { machine, scopes, recorded, sandboxed } = grant;
    const limit = new Date(until).toISOString();
    printEvent({ event: 'granted', session: session.id, machine, scopes, recorded, sandboxed, until: limit });
  } else {
    const keys = !atTerminal ? 'Ctrl-C ends the session' : shell ? WITH_SHELL : WITHOUT_SHELL;
    say(`${grant.machine.name} allowed ${grant.scopes.join(', ')}, until ${timeInWords(until).slice(-8)}; ${keys}`);
  }
}

/** Resolves when `done` says so after a change, when `stopped` does, or when the machine has had time enough. */
async function changedUntil(session: LiveSession, done: () => boolean, stopped: Promise<void>): Promise<void> {
  if (done()) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  using _changes = session.onChange(() => {
    if (done()) resolve();
  });
  const enough = setTimeout(resolve, WORD_MS);
  await Promise.race([promise, stopped, session.finished]);
  clearTimeout(enough);
}

/** Takes what is typed while there is no shell: only what begins with ~ means something. Resolves when there may be one. */
async function typedUntil(session: LiveSession, mayShell: () => boolean, stopped: Promise<void>): Promise<void> {
  const lines = new TypedLines();
  const typed = (chunk: Buffer): void =>
    lines.take(
      chunk,
      (act) => actOn(act, session),
      () => say('there is no shell in this session; ~? then Enter lists what you can type'),
    );
  const done = Promise.withResolvers<void>();
  using _changes = session.onChange(() => {
    if (mayShell() || session.snapshot().state === 'ended') done.resolve();
  });
  process.stdin.on('data', typed);
  process.stdin.resume();
  try {
    await Promise.race([done.promise, stopped]);
  } finally {
    process.stdin.off('data', typed);
    process.stdin.pause();
  }
}

/**
 * Ends what has not ended yet, tells how it ended, and shows the receipt.
 * @param how in which way the shell went, in words
 * @param options what the machine is told of it
 */
export async function leaveSession(
  session: LiveSession,
  json: boolean,
  how = '',
  options: EndOptions = {},
): Promise<ExitCode> {
  await session.end(options);
  const snapshot = session.snapshot();
  const { code, byTechnician, words } = endingOf(snapshot, session.id);
  if (!json && how !== '' && how !== snapshot.because && byTechnician) {
    say(how); // what else ended the session is told below
  }
  if (json) {
    printEvent({ event: 'ended', session: session.id, because: snapshot.because, byTechnician });
    printEvent({ event: 'receipt', session: session.id, receipt: snapshot.receipt });
  } else {
    words.forEach(say);
  }
  if (session.trouble !== null) {
    say(`not everything could be kept here: ${session.trouble}`);
  }
  return code;
}

/** Pauses, permissions that are gone, chat, and what else the person should know of, as it happens. */
function tellNews(session: LiveSession, json: boolean): Disposable {
  let { state, grant } = session.snapshot();
  let lines = session.chat().length;
  return session.onChange(() => {
    const snapshot = session.snapshot();
    if (snapshot.state !== state && snapshot.state !== 'ended') {
      state = snapshot.state;
      if (json) {
        printEvent({ event: 'state', state, because: snapshot.because });
      } else {
        say(state === 'paused' ? `paused: ${snapshot.because}` : 'the session goes on');
      }
    }
    const lost = takenBack(grant, snapshot.grant, session.audit());
    grant = snapshot.grant;
    if (lost !== null && json) printEvent({ event: 'withdrawn', ...lost });
    else if (lost !== null) say(lost.words);
    const chat = session.chat();
    for (const message of chat.slice(lines)) {
      if (json) {
        printEvent({ event: 'chat', ...message });
      } else if (message.from === 'local user') {
        say(`the person says: ${message.text}`);
      }
    }
    lines = chat.length;
  });
}
