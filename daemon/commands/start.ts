// `chaperoned start`: the daemon in the foreground, until a signal or, with --once, the end of the first session.

import { type DestinationStream, pino } from 'pino';
import { formatConnectionId } from '../../protocol/connection-id.ts';
import { serveConsole } from '../console/serve-console.ts';
import type { LocalControls } from '../local/controls.ts';
import { serveLocal } from '../local/server.ts';
import { localSocketPath, refuseIfRunning } from '../local/socket-path.ts';
import { startDaemon } from '../start.ts';
import { readableLine } from './log-lines.ts';

const LOG_MODE = 0o600; // log lines name people and addresses
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

export interface StartCommandOptions {
  readonly config?: string;
  readonly once?: boolean;
  readonly log?: string;
}

export async function start(options: StartCommandOptions): Promise<void> {
  const socket = localSocketPath();
  await refuseIfRunning(socket);
  const logger = pino({ name: 'chaperoned' }, destinationFor(options.log));
  const stopped = new AbortController();
  using _ = onStopSignal((signal) => {
    logger.info({ signal }, 'stopping');
    stopped.abort();
  });

  await using parts = new AsyncDisposableStack();
  // Taken down last, so that the person's windows still show how the sessions ended, with their receipts.
  let local: AsyncDisposable | null = null;
  parts.defer(async () => local?.[Symbol.asyncDispose]());
  let seat: AsyncDisposable | null = null;
  parts.defer(async () => seat?.[Symbol.asyncDispose]());
  const daemon = parts.use(
    await startDaemon({ logger, ...(options.config === undefined ? {} : { config: options.config }) }),
  );
  const onTrouble = (words: string, problem?: unknown): void => logger.warn({ problem }, words);
  local = await serveLocal(socket, daemon.controls, { onTrouble });
  seat = await serveConsole(daemon.controls, process.env, { onTrouble });
  // In a terminal, SIGHUP says that its window was closed; to a service it means: read your files again.
  using _hangUp = onHangUp(() => {
    if (process.stdin.isTTY || process.stdout.isTTY) stopped.abort();
    else void daemon.reloadPolicy();
  });
  logger.info({ addresses: daemon.addresses }, 'started');
  // Once: where the log and the words for the person appear on the same screen, the words are enough.
  const logIsSeen = options.log === undefined && process.stderr.isTTY === true;
  const told = process.stdout.isTTY === true;
  for (const warning of told && logIsSeen ? [] : daemon.warnings) {
    logger.warn({ warning }, 'the policy may not be meant like this');
  }

  const toldOff = new AbortController();
  const notes = [...daemon.warnings, ...(logIsSeen ? [] : daemon.problems)];
  const telling = told ? tell(daemon.controls, notes, toldOff.signal) : null;
  const ends: Promise<unknown>[] = [aborted(stopped.signal)];
  if (options.once === true) ends.push(daemon.sessionSettled);
  await Promise.race(ends);
  toldOff.abort();
  await telling;
  if (told) process.stdout.write('Stopping: sessions are ended, the record is closed.\n');
}

/** Says what the person needs on the phone, and says it again when the code changes. */
async function tell(controls: LocalControls, notes: readonly string[], signal: AbortSignal): Promise<void> {
  const { machine, listen } = controls.status();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say(`Chaperone runs on ${machine.name}. Technicians reach it at ${listen.join(' and ')}.`);
  for (const note of notes) say(`Please note: ${note}.`);
  say(`This computer's number: ${formatConnectionId(machine.id)}`);
  say('Questions appear in a second window: chaperoned prompt');
  let last = '';
  const tellCode = (): void => {
    const { code } = controls.code();
    if (code !== last) say(`One-time code: ${code}`);
    last = code;
  };
  tellCode();
  using _ = controls.onChange(tellCode);
  await aborted(signal);
}

/** JSON for programs; a terminal gets lines that a person reads. */
function destinationFor(file: string | undefined): DestinationStream {
  if (file === undefined && process.stderr.isTTY) {
    return { write: (json) => void process.stderr.write(`${readableLine(json)}\n`) };
  }
  return pino.destination({ dest: file ?? 2, sync: true, append: true, mode: LOG_MODE });
}

function onHangUp(listener: () => void): Disposable {
  process.on('SIGHUP', listener);
  return { [Symbol.dispose]: () => void process.off('SIGHUP', listener) };
}

/** The first signal asks, a second one of the same kind does not wait any longer. */
function onStopSignal(listener: (signal: string) => void): Disposable {
  let asked = false;
  const heard = (signal: string): void => {
    if (asked) process.exit(1);
    asked = true;
    listener(signal);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, heard);
  return {
    [Symbol.dispose]: () => {
      for (const signal of STOP_SIGNALS) process.off(signal, heard);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
