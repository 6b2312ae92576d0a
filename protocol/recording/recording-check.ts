// Holds the recordings beside a log against what the log, or a receipt where its words were disposed of, says of them.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Receipt } from '../receipt.ts';
import { hashOf, promiseOf, RECORDING } from './promised.ts';

const LISTED_MAX = 50; // recordings named one by one; the rest is counted

/** Paths below the state directory in which the log stands. */
export interface CheckedRecordings {
  readonly intact: number;
  readonly changed: readonly string[];
  /** Not there any more: whether someone may remove it, the log cannot tell. */
  readonly missing: readonly string[];
  /** Intact since the log was told of them, which was not when they were closed: their program was killed. */
  readonly late: readonly string[];
  /** Nothing readable says what it must be: the session lives, a crash cut it off, or its key was disposed of. */
  readonly unvouched: readonly string[];
}

export class RecordingCheck {
  readonly #state: string;
  /** By path. The first word counts: nothing writes to a recording once the log was told of it. */
  readonly #promised = new Map<string, { readonly sha256: string; readonly late: boolean }>();

  /** @param log directory of the log; recordings and keys are looked for beside it */
  constructor(log: string) {
    this.#state = dirname(log);
  }

  /** An entry of the log; given in order. One that cannot be opened promises nothing. */
  entry(entry: Uint8Array): void {
    const said = promiseOf(entry, (session) => this.#bodyKey(session));
    if (said === null || !('path' in said)) return;
    if (!this.#promised.has(said.path)) this.#promised.set(said.path, said);
  }

  /** A receipt that verifies: it speaks where the log has not. Given after all entries. */
  receipt({ grant, shells, commands = [] }: Receipt): void {
    for (const { recording } of [...shells, ...commands]) {
      const path = `sessions/${grant.session}/${recording.file}`;
      if (RECORDING.test(recording.file) && !this.#promised.has(path)) {
        this.#promised.set(path, { sha256: recording.sha256, late: false });
      }
    }
  }

  /** Null when there is nothing beside the log to compare, as with a copy of it. */
  async compare(): Promise<CheckedRecordings | null> {
    if (!existsSync(join(this.#state, 'sessions'))) return null;
    const changed: string[] = [];
    const missing: string[] = [];
    const lateOnes: string[] = [];
    for (const [path, { sha256, late }] of this.#promised) {
      const found = await hashOf(join(this.#state, path));
      if (found === null) missing.push(path);
      else if (found !== sha256) changed.push(path);
      else if (late) lateOnes.push(path);
    }
    const unvouched = this.#present().filter((path) => !this.#promised.has(path));
    const intact = this.#promised.size - changed.length - missing.length;
    return { intact, changed, missing, late: lateOnes, unvouched };
  }

  #present(): string[] {
    const sessions = readdirSync(join(this.#state, 'sessions'), { withFileTypes: true });
    return sessions
      .filter((folder) => folder.isDirectory())
      .flatMap(({ name }) => readdirSync(join(this.#state, 'sessions', name)).map((file) => ({ name, file })))
      .filter(({ file }) => RECORDING.test(file))
      .map(({ name, file }) => `sessions/${name}/${file}`)
      .sort();
  }

  /** Never makes one. */
  #bodyKey(session: string): Uint8Array | null {
    const file = join(this.#state, 'body-keys', `${session}.key`);
    return existsSync(file) ? Buffer.from(readFileSync(file, 'utf8').trim(), 'hex') : null;
  }
}

/** What both programs say of the recordings: how many are whole, which were changed, and what is worth knowing beside. */
export interface RecordingLines {
  readonly intact: readonly string[];
  readonly changed: readonly string[];
  readonly notes: readonly string[];
}

export function recordingLines(checked: CheckedRecordings | null): RecordingLines {
  if (checked === null) {
    const notes = ['Note: there are no sessions beside this log, so no recording was compared'];
    return { intact: [], changed: [], notes };
  }
  const { intact, changed, missing, late, unvouched } = checked;
  return {
    intact: intact > 0 ? [`${intact} recording${intact === 1 ? ' is' : 's are'} as the log says.`] : [],
    changed: listed(changed, (path) => `  ${path}: the recording was changed after it was closed`),
    notes: [
      ...listed(missing, (path) => `Note: ${path}: the recording is not there any more; the log still tells of it`),
      ...listed(
        late,
        (path) => `Note: ${path}: its program was killed; the log vouches for it only since it was found`,
      ),
      ...listed(unvouched, (path) => `Note: ${path}: nothing readable says what must be in it, so it was not compared`),
    ],
  };
}

function listed(paths: readonly string[], line: (path: string) => string): string[] {
  const rest = paths.length - LISTED_MAX;
  return [...paths.slice(0, LISTED_MAX).map(line), ...(rest > 0 ? [`  and ${rest} more recordings`] : [])];
}
