// `chaperone replay`: what a shell showed, once more, through the emulator: nothing recorded acts on this terminal.

import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { EXIT, UsageError } from '../../protocol/errors.ts';
import { technicianHome } from '../../protocol/home.ts';
import type { OpenedRecording } from '../dashboard/ports.ts';
import { bytesInWords } from '../records/amounts.ts';
import { OwnLog } from '../records/own-log.ts';
import { doubtAboutFile, removedFrom } from '../records/recording-doubt.ts';
import { bytesOf, openRecording } from '../records/records-port.ts';
import { SessionStore } from '../records/sessions.ts';
import { type Recording, readEvents, readRecording } from '../replay/asciicast.ts';
import { say } from './output.ts';
import { ProgressLine } from './print-output.ts';

export interface ReplayOptions {
  readonly shell?: string;
  readonly plain?: boolean;
}

/** Exit code 5 when the recording is not, or cannot be shown to be, what the technician's log says; it is played anyway. */
export async function replay(what: string, options: ReplayOptions): Promise<void> {
  const { doubt, bytes } = await open(what, options.shell);
  if (doubt !== null) say(doubt.words);
  if (doubt?.grave === true) process.exitCode = EXIT.verification;
  const tty = process.stdin.isTTY === true && process.stdout.isTTY === true;
  if (!tty || options.plain === true) {
    await printText(bytes);
    return;
  }
  const recording = await readWithProgress(bytes);
  const { playOnTerminal } = await import('./replay-terminal.ts');
  await playOnTerminal(recording, doubt);
}

/** A file, or what a session's shell showed. That it is looked at is logged before the first byte is read. */
async function open(what: string, chosen: string | undefined): Promise<OpenedRecording> {
  const home = technicianHome();
  const log = new OwnLog(home);
  const store = new SessionStore(home);
  const file = resolve(what);
  if (existsSync(file) && statSync(file).isFile()) {
    const kept = store.place(file);
    if (kept !== null) return await openRecording(store, log, kept.session, kept.recording);
    await log.append('recording.viewed', { recording: basename(file).slice(0, 500) });
    return { doubt: await doubtAboutFile(log, store, file), bytes: bytesOf(file) };
  }
  const id = store.resolve(what).grant.session;
  const recordings = store.recordings(id);
  const shell = chosen ?? numberOf(recordings[0]?.id ?? '');
  const found = recordings.find((recording) => recording.id === `shell-${shell}.cast`);
  const removed = (await removedFrom(log, store, id)).map(numberOf);
  if (found === undefined) {
    throw recordings.length === 0
      ? new UsageError('there is nothing to replay of this session', whyNothing(store, id, removed))
      : new UsageError(
          `the session has no recording of shell ${JSON.stringify(shell)}`,
          `it has ${recordings.length}: choose with --shell ${numbersOf(recordings)}`,
        );
  }
  if (removed.length > 0) {
    say(`not there any more, though your log knows of it: shell ${removed.join(', ')}`);
  }
  if (recordings.length > 1 && chosen === undefined) {
    say(`this is the first of ${recordings.length} shells; see the others with --shell: ${numbersOf(recordings)}`);
  }
  return await openRecording(store, log, id, found.id);
}

function numberOf(recording: string): string {
  return recording.replace(/^shell-|\.cast$/g, '');
}

function numbersOf(recordings: readonly { readonly id: string }[]): string {
  return recordings.map(({ id }) => numberOf(id)).join(', ');
}

async function readWithProgress(bytes: AsyncIterable<Uint8Array>): Promise<Recording> {
  using progress = new ProgressLine();
  return await readRecording(bytes, {
    onProgress: (read) => progress.show({ kind: 'progress', text: `reading: ${bytesInWords(read)}` }),
  });
}

/** Only shells are copied here as they run. */
function whyNothing(store: SessionStore, id: string, removed: readonly string[]): string {
  if (removed.length > 0)
    return `what was recorded is not there any more; your log knows of shell ${removed.join(', ')}`;
  const commands = store.audit(id).filter(({ type }) => type === 'command.started').length;
  if (commands === 0) return 'no shell was opened in it';
  const ran = commands === 1 ? 'one suggested command ran' : `${commands} suggested commands ran`;
  return `no shell was opened in it; ${ran}, recorded on the machine alone: chaperone receipt ${id}`;
}

/** All that was shown, as text: for files, pipes and screen readers. */
async function printText(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const { PlainText } = await import('./plain-text.ts');
  let full = false;
  using text = new PlainText((piece) => {
    full = !process.stdout.write(piece);
  });
  for await (const event of readEvents(bytes)) {
    if (event.kind === 'output') {
      text.push(Buffer.from(event.data));
    }
    if (full) {
      await once(process.stdout, 'drain');
      full = false;
    }
  }
}
