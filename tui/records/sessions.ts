// Past and present sessions as the technician keeps them: a folder each, with the grant, the receipt, what the
// machine told of its log, and a copy of what the shells showed.

import { appendFileSync, existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, utimesSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { AuditEventView } from '../../protocol/control/messages.ts';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import { Grant } from '../../protocol/grant.ts';
import { privateDirectory } from '../../protocol/home.ts';
import { systemProcesses } from '../../protocol/log/lock.ts';
import type { TerminalSize } from '../dashboard/ports.ts';
import { CastWriter } from './cast-writer.ts';
import { readPrivate, writePrivate } from './private-file.ts';

const SESSION_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const RECORDING = /^shell-\d{1,4}\.cast$/;
const LOOKS_OPEN = /"copiesOpen":\s*true/;
const LISTED_MAX = 500; // newest first; older ones are on disk
const GRANTS_MAX = 300; // signed grants of one session; a machine changes one less often
const AUDIT_FILE_MAX = 16 * 1024 * 1024; // bytes of what one machine may make us keep of its log

export const SessionRecord = z.strictObject({
  v: z.literal(1),
  grant: Grant,
  /** `host:port` where it was reached. */
  address: z.string().max(300),
  hostKey: z.string().max(100),
  /** Verifies grant and receipt. */
  machineKey: z.string().max(300),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  /** In words; empty while live. */
  ending: z.string().max(500),
  /** The process that holds the session, to tell a live one from one whose program was killed. */
  holder: z.strictObject({ pid: z.int(), life: z.string().max(64) }),
  /** The log has not been told yet what each copy of a shell is; absent in what older versions wrote. */
  copiesOpen: z.boolean().optional(),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

export interface RecordingPlace {
  readonly session: string;
  readonly recording: string;
}

export class SessionStore {
  readonly directory: string;

  constructor(home: string) {
    this.directory = privateDirectory(join(home, 'sessions'));
  }

  /** Begins the folder of a new session. @throws ChaperoneError */
  begin(
    record: Pick<SessionRecord, 'grant' | 'address' | 'hostKey' | 'machineKey' | 'startedAt'>,
    grantNote: string,
  ): SessionFolder {
    const { pid, life } = systemProcesses.self;
    const id = SESSION_ID.test(record.grant.session) ? record.grant.session : null;
    if (id === null) {
      throw new ChaperoneError('the machine gave the session an impossible number', { exitCode: EXIT.verification });
    }
    const folder = join(this.directory, id);
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (cause) {
      throw existsSync(folder)
        ? new ChaperoneError(`a session ${id} is kept here already`, {
            exitCode: EXIT.verification,
            hint: 'a machine never gives a number twice: distrust it',
            cause,
          })
        : new ChaperoneError(`the session cannot be kept in ${folder}`, { cause, hint: 'check the disk' });
    }
    writePrivate(join(folder, 'grant.note'), grantNote);
    const whole: SessionRecord = {
      v: 1,
      ...record,
      endedAt: null,
      ending: '',
      holder: { pid, life },
      copiesOpen: true,
    };
    const begun = new SessionFolder(folder, whole);
    begun.save();
    return begun;
  }

  /** Newest first. Damaged ones are left out. */
  list(): readonly SessionRecord[] {
    return this.#newest().flatMap((id) => this.find(id) ?? []);
  }

  #newest(): string[] {
    const ids = readdirSync(this.directory).filter((name) => SESSION_ID.test(name));
    return ids.sort().reverse().slice(0, LISTED_MAX);
  }

  /** The session with this ID, or with this beginning of an ID if only one has it. */
  resolve(text: string): SessionRecord {
    const wanted = text.trim().toLowerCase();
    const found = this.list().filter((record) => wanted !== '' && record.grant.session.startsWith(wanted));
    const [only] = found;
    if (only === undefined || found.length > 1) {
      throw new ChaperoneError(
        only === undefined
          ? `no session ${JSON.stringify(text)} is kept here`
          : `several sessions begin with ${wanted}`,
        { exitCode: EXIT.usage, hint: 'see them all: chaperone sessions' },
      );
    }
    return only;
  }

  find(id: string): SessionRecord | null {
    try {
      const text = SESSION_ID.test(id) ? readPrivate(join(this.directory, id, 'session.json')) : null;
      return text === null ? null : settled(SessionRecord.parse(JSON.parse(text)));
    } catch {
      return null;
    }
  }

  /** Sessions whose program was killed before it had told the log of their copies. */
  left(): readonly SessionFolder[] {
    // Most are settled, and the dashboard starts with this: only what looks open is taken apart.
    const open = this.#newest().filter((id) => this.#looksOpen(id));
    return open
      .flatMap((id) => this.find(id) ?? [])
      .filter(({ copiesOpen, holder }) => copiesOpen === true && !systemProcesses.isAlive(holder))
      .map((record) => new SessionFolder(join(this.directory, record.grant.session), record));
  }

  #looksOpen(id: string): boolean {
    try {
      return LOOKS_OPEN.test(readPrivate(join(this.directory, id, 'session.json')) ?? '');
    } catch {
      return false; // a damaged one must not keep the others from being told of
    }
  }

  /** The receipt as it came, verified or not. */
  receiptNote(id: string): string | null {
    return SESSION_ID.test(id) ? readPrivate(join(this.directory, id, 'receipt.note')) : null;
  }

  recordings(id: string): readonly { readonly id: string; readonly bytes: number; readonly file: string }[] {
    const folder = join(this.directory, id);
    if (!SESSION_ID.test(id) || !existsSync(folder)) {
      return [];
    }
    const names = readdirSync(folder).filter((name) => RECORDING.test(name));
    return names
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .map((name) => ({ id: name, bytes: lstatSync(join(folder, name)).size, file: join(folder, name) }));
  }

  /**
   * Which recording of which session `file` is; null for a file elsewhere. Where a link stands here in the place of a
   * recording or of a session's folder, it is what its name says, wherever the link leads.
   */
  place(file: string): RecordingPlace | null {
    const ours = realpathSync(this.directory);
    for (const path of [file, realpathSync(file)]) {
      const named = namedPlace(path);
      if (named !== null && realpathSync(dirname(dirname(path))) === ours) {
        return named;
      }
    }
    return null;
  }

  /** What the machine told of its log during the session. Lines that a crash tore are left out. */
  audit(id: string): readonly AuditEventView[] {
    const text = SESSION_ID.test(id) ? readPrivate(join(this.directory, id, 'audit.jsonl')) : null;
    return (text ?? '').split('\n').flatMap((line) => {
      try {
        return [AuditEventView.parse(JSON.parse(line))];
      } catch {
        return [];
      }
    });
  }
}

/** Which recording of which session a file says to be by its name and its folder's, wherever that is. */
export function namedPlace(file: string): RecordingPlace | null {
  const session = basename(dirname(file));
  const recording = basename(file);
  return SESSION_ID.test(session) && RECORDING.test(recording) ? { session, recording } : null;
}

/** A session whose program is gone ended when nobody looked. */
function settled(record: SessionRecord): SessionRecord {
  if (record.endedAt !== null || systemProcesses.isAlive(record.holder)) {
    return record;
  }
  return { ...record, endedAt: record.startedAt, ending: 'this program stopped before the end was known' };
}

/** The folder of a session that is being held by this process, or of one that was left. */
export class SessionFolder {
  readonly #folder: string;
  #record: SessionRecord;
  #shells = 0;
  #grants = 1;
  #auditBytes = 0;

  constructor(folder: string, record: SessionRecord) {
    this.#folder = folder;
    this.#record = record;
  }

  get session(): string {
    return this.#record.grant.session;
  }

  /** Null when the copy cannot be made; the machine's own recording is the one that counts. */
  record(size: TerminalSize): CastWriter | null {
    this.#shells += 1;
    try {
      return new CastWriter(join(this.#folder, `shell-${this.#shells}.cast`), size);
    } catch {
      return null;
    }
  }

  audit(event: AuditEventView): void {
    const line = `${JSON.stringify(event)}\n`;
    this.#auditBytes += line.length;
    if (this.#auditBytes <= AUDIT_FILE_MAX) {
      appendFileSync(join(this.#folder, 'audit.jsonl'), line, { mode: 0o600 });
    }
  }

  /** Keeps the receipt as it came: one that does not verify is evidence too. */
  receipt(note: string): void {
    writePrivate(join(this.#folder, 'receipt.note'), note);
  }

  /** The grant was changed; the notes of the former ones stay. */
  granted(grant: Grant, note: string): void {
    this.#grants += 1;
    if (this.#grants <= GRANTS_MAX) {
      writePrivate(join(this.#folder, `grant-${this.#grants}.note`), note);
    }
    this.#record = { ...this.#record, grant };
    this.save();
  }

  /** The log knows of every copy. */
  copiesVouched(): void {
    this.#record = { ...this.#record, copiesOpen: false };
    this.save();
  }

  end(ending: string): void {
    if (this.#record.endedAt === null) {
      this.#record = { ...this.#record, endedAt: new Date().toISOString(), ending };
      this.save();
    }
  }

  save(): void {
    writePrivate(join(this.#folder, 'session.json'), `${JSON.stringify(this.#record, null, 2)}\n`);
    const now = new Date();
    utimesSync(dirname(this.#folder), now, now); // wakes those who watch the folder of all sessions
  }
}
