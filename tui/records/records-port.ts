// The technician's records as the dashboard reads them.

import { createReadStream, type FSWatcher, statSync, watch } from 'node:fs';
import { ChaperoneError, EXIT, UsageError } from '../../protocol/errors.ts';
import { Changes } from '../connection/changes.ts';
import type { MachineEntry, OpenedRecording, ReceiptView, RecordsPort, SessionEntry } from '../dashboard/ports.ts';
import { type KnownMachine, MachineBook } from './machines.ts';
import { OwnLog } from './own-log.ts';
import { receiptView } from './receipt-view.ts';
import { doubtAbout } from './recording-doubt.ts';
import { type SessionRecord, SessionStore } from './sessions.ts';

/** @param home the technician's directory */
export function recordsPort(home: string): RecordsPort {
  const machines = new MachineBook(home);
  const sessions = new SessionStore(home);
  const log = new OwnLog(home);
  return {
    machines: async () => machines.all().map(machineEntry),
    sessions: async () =>
      sessions
        .list()
        .map((record) => sessionEntry(record, sessions))
        .sort((a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null)),
    receipt: async (session) => receiptOf(sessions, session),
    audit: async (session) => sessions.audit(session),
    recording: (session, recording) => openRecording(sessions, log, session, recording),
    onChange: (listener) => watchFolders([machines.directory, sessions.directory], listener),
  };
}

/** Null when none was received. */
export function receiptOf(sessions: SessionStore, session: string): ReceiptView | null {
  const note = sessions.receiptNote(session);
  const record = sessions.find(session);
  return note === null || record === null ? null : receiptView(note, record.machineKey, session);
}

/** That somebody looks at it is logged first. */
export async function openRecording(
  sessions: SessionStore,
  log: OwnLog,
  session: string,
  recording: string,
): Promise<OpenedRecording> {
  const found = sessions.recordings(session).find(({ id }) => id === recording);
  if (found === undefined) {
    throw new UsageError(`the session has no recording ${JSON.stringify(recording)}`, 'see them: chaperone sessions');
  }
  await log.append('recording.viewed', { recording: `${session}/${recording}` }, { session });
  const { file } = found;
  const live = sessions.find(session)?.endedAt === null;
  const doubt = await doubtAbout(log, { file, path: `sessions/${session}/${recording}`, live });
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    // A pipe would never say anything, and never end.
    throw new ChaperoneError(`${recording} is not a recording any more: there is something else in its place`, {
      exitCode: EXIT.verification,
      hint: 'see what else was changed: chaperone audit verify',
    });
  }
  return { doubt, bytes: bytesOf(file) };
}

/** Opened when the first byte is asked for. */
export async function* bytesOf(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield* createReadStream(file);
}

function machineEntry(machine: KnownMachine): MachineEntry {
  const { name, connectionId, fingerprint, lastSession, sessions } = machine;
  const [last = ''] = machine.addresses;
  return {
    name: name === '' ? last : name,
    connectionId,
    address: connectionId === null ? last : `${connectionId}@${last}`,
    fingerprint,
    lastSession: lastSession === null ? null : Date.parse(lastSession),
    sessions,
  };
}

function sessionEntry({ grant, startedAt, endedAt, ending }: SessionRecord, sessions: SessionStore): SessionEntry {
  return {
    id: grant.session,
    machine: grant.machine.name,
    startedAt: Date.parse(startedAt),
    endedAt: endedAt === null ? null : Date.parse(endedAt),
    reason: grant.reason,
    ticket: grant.ticket,
    ending,
    recordings: sessions.recordings(grant.session).map(({ id, bytes }) => ({ id, bytes })),
  };
}

function watchFolders(folders: readonly string[], listener: () => void): Disposable {
  const stack = new DisposableStack();
  const changes = new Changes();
  stack.use(changes.on(listener));
  for (const folder of folders) {
    const watcher: FSWatcher = watch(folder, { persistent: false }, () => changes.announce());
    watcher.on('error', () => watcher.close()); // the folder is gone: what is on screen stays
    stack.defer(() => watcher.close());
  }
  return stack;
}
