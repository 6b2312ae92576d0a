// Holds the recordings beside a log against what the log, or a receipt where its words were disposed of, says of them.

import { createHash } from 'node:crypto';
import { createReadStream, existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { BadLeaf, openBody, readHeader } from '../../protocol/audit/envelope.ts';
import type { Receipt } from '../../protocol/receipt.ts';

const RECORDING = /^(shell|command)-\d{1,9}\.cast$/;
const SEALED_BY = new Map([
  ['shell.closed', 'shell'],
  ['command.ended', 'command'],
]);
const Sealed = z.object({ number: z.int().min(0), recordingSha256: z.string() });

/** Paths below the machine's state directory. */
export interface CheckedRecordings {
  readonly intact: number;
  readonly changed: readonly string[];
  /** Not there any more: whether someone may remove it, the log cannot tell. */
  readonly missing: readonly string[];
  /** Nothing readable says what it must be: the session lives, a crash cut it off, or its key was disposed of. */
  readonly unvouched: readonly string[];
}

export class RecordingCheck {
  readonly #state: string;
  /** By path: SHA-256 as the log has it, hex. */
  readonly #promised = new Map<string, string>();

  /** @param log directory of the log; recordings and keys are looked for beside it */
  constructor(log: string) {
    this.#state = dirname(log);
  }

  /** An entry of the log, in any order. One that cannot be opened promises nothing. */
  entry(entry: Uint8Array): void {
    try {
      const { type, session } = readHeader(entry);
      const kind = SEALED_BY.get(type);
      const key = session === null || kind === undefined ? null : this.#bodyKey(session);
      if (key === null) return;
      const { number, recordingSha256 } = Sealed.parse(openBody(entry, key));
      this.#promised.set(`sessions/${session}/${kind}-${number}.cast`, recordingSha256);
    } catch (error) {
      if (!(error instanceof BadLeaf || error instanceof z.ZodError)) throw error; // what is wrong with it is told elsewhere
    }
  }

  /** A receipt that verifies: it speaks where the log has not. Given after all entries. */
  receipt({ grant, shells, commands = [] }: Receipt): void {
    for (const { recording } of [...shells, ...commands]) {
      const path = `sessions/${grant.session}/${recording.file}`;
      if (RECORDING.test(recording.file) && !this.#promised.has(path)) this.#promised.set(path, recording.sha256);
    }
  }

  /** Null when there is nothing beside the log to compare, as with a copy of it. */
  async compare(): Promise<CheckedRecordings | null> {
    if (!existsSync(join(this.#state, 'sessions'))) return null;
    const changed: string[] = [];
    const missing: string[] = [];
    for (const [path, sha256] of this.#promised) {
      const found = await hashOf(join(this.#state, path));
      if (found === null) missing.push(path);
      else if (found !== sha256) changed.push(path);
    }
    const unvouched = this.#present().filter((path) => !this.#promised.has(path));
    return { intact: this.#promised.size - changed.length - missing.length, changed, missing, unvouched };
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

/** Null when there is no such file; never that of something else than a file. */
async function hashOf(file: string): Promise<string | null> {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isFile()) return 'not a file';
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
