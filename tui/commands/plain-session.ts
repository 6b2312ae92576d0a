// A session held at a terminal without the dashboard, or by a program: what happens is told line by line.

import { EXIT, type ExitCode } from '../../protocol/errors.ts';
import { SHELL_SCOPES } from '../../protocol/scopes.ts';
import { SessionOver } from '../connection/errors.ts';
import type { EndOptions, LiveSession } from '../connection/live-session.ts';
import type { SessionSnapshot } from '../dashboard/ports.ts';
import { timeInWords } from '../records/amounts.ts';
import { actOn, TypedLines } from './escapes.ts';
import { runLineShell } from './line-shell.ts';
import { printEvent, say } from './output.ts';
import { discardTyped } from './typed-ahead.ts';

/** Holds `session` until its shell, the other side or `signal` ends it. Resolves with the exit code. */
export async function holdSession(session: LiveSession, json: boolean, signal: AbortSignal): Promise<ExitCode> {
  const { grant, until } = session.snapshot();
  using _news = tellNews(session, json);
  if (json) {
    const { machine, scopes, recorded, sandboxed } = grant;
    const limit = new Date(until).toISOString();
    printEvent({ event: 'granted', session: session.id, machine, scopes, recorded, sandboxed, until: limit });
  } else {
    say(
      `${grant.machine.name} allowed ${grant.scopes.join(', ')}, until ${timeInWords(until).slice(-8)}; Ctrl-C ends the session${process.stdin.isTTY === true ? ', ~? at the beginning of a line lists more' : ''}`,
    );
  }
  const over = session.finished;
  const mayShell = (): boolean => SHELL_SCOPES.some((scope) => session.snapshot().grant.scopes.includes(scope));
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) {
      resolve();
    }
  });
  if (!json && process.stdin.isTTY === true && !mayShell()) {
    await typedUntil(session, mayShell, stopped);
  }
  if (mayShell() && session.snapshot().state !== 'ended' && !signal.aborted) {
    const shell = runLineShell(session, json, signal).catch((problem: unknown) => {
      if (problem instanceof SessionOver) return ''; // told below, as every end
      throw problem;
    });
    const how = await Promise.race([shell, stopped.then(() => ''), over.then(() => '')]);
    const code = await leaveSession(session, json, how);
    await discardTyped();
    return code;
  }
  await Promise.race([over, stopped]);
  return await leaveSession(session, json);
}

/** Takes what is typed while there is no shell: only what begins with ~ means something. Resolves when there may be one. */
async function typedUntil(session: LiveSession, mayShell: () => boolean, stopped: Promise<void>): Promise<void> {
  const lines = new TypedLines();
  const typed = (chunk: Buffer): void =>
    lines.take(
      chunk,
      (act) => actOn(act, session),
      () => say('there is no shell in this session; ~? lists what you can type'),
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
  const stillOn = session.snapshot().state !== 'ended';
  await session.end(options);
  const { because, receipt } = session.snapshot();
  // Both may end it at the same moment, and the shell closes before the word comes why: the machine knows who was first.
  const endedBy = receipt?.endedBy ?? null;
  const endedByUs = endedBy === null ? stillOn : endedBy === 'technician';
  if (!json && how !== '' && endedByUs) {
    say(how); // what else ended the session is told below
  }
  if (json) {
    printEvent({ event: 'ended', session: session.id, because, byTechnician: endedByUs });
    printEvent({ event: 'receipt', session: session.id, receipt });
  } else {
    say(because);
    say(receiptWords(receipt, session.id));
  }
  if (session.trouble !== null) {
    say(`not everything could be kept here: ${session.trouble}`);
  }
  if (receipt !== null && receipt.verified !== true) {
    return EXIT.verification;
  }
  return endedByUs ? EXIT.ok : EXIT.ended;
}

function receiptWords(receipt: SessionSnapshot['receipt'], session: string): string {
  if (receipt === null) {
    return 'no receipt came: the connection broke before the machine could send it';
  }
  return receipt.verified === true
    ? `the receipt is signed by the machine: chaperone receipt ${session}`
    : `the receipt does not verify: ${receipt.verified.problem}`;
}

/** Pauses, chat, and what else the person should know of, as it happens. */
function tellNews(session: LiveSession, json: boolean): Disposable {
  let { state } = session.snapshot();
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
