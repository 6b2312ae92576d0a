// The keys that open sealed audit bodies: one per session, and one for what belongs to no session.

import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BodyKey, newBodyKey } from '../../protocol/audit/envelope.ts';
import { ChaperoneError } from '../../protocol/errors.ts';
import { privateDirectory } from '../../protocol/home.ts';

const KEY_BYTES = 32;
const MACHINE = 'machine'; // file name for events outside of sessions
const CACHED = 64; // keys of sessions that may still write; older ones are read again from disk

export class BodyKeys {
  readonly #directory: string;
  readonly #cache = new Map<string, BodyKey>();
  /** Keys on their way to the disk. */
  readonly #writing = new Map<string, Promise<void>>();

  constructor(home: string) {
    this.#directory = privateDirectory(join(home, 'body-keys'));
  }

  /** The key of a session (null: the machine's own), made on first use. What it seals counts only after {@link durable}. */
  of(session: string | null): BodyKey {
    const name = session ?? MACHINE;
    const known = this.#cache.get(name) ?? this.#read(name) ?? this.#make(name);
    this.#cache.delete(name);
    this.#cache.set(name, known);
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= CACHED) {
        break;
      }
      this.#cache.delete(oldest);
    }
    return known;
  }

  /** Resolves when the key that `of` gave would survive a power cut; rejects when it cannot be written. */
  durable(session: string | null): Promise<void> {
    return this.#writing.get(session ?? MACHINE) ?? Promise.resolve();
  }

  #read(name: string): BodyKey | null {
    const file = this.#file(name);
    if (!existsSync(file)) {
      return null;
    }
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
    if (key.length !== KEY_BYTES) {
      throw new ChaperoneError(`${file} is damaged`, { hint: 'events sealed with it can be verified but not read' });
    }
    return key;
  }

  #make(name: string): BodyKey {
    const key = newBodyKey();
    const written = this.#write(name, `${Buffer.from(key).toString('hex')}\n`);
    this.#writing.set(name, written);
    written.then(
      () => this.#writing.delete(name),
      () => this.#cache.delete(name), // the rejection stays: nothing is sealed with it any more
    );
    return key;
  }

  /** Renamed into place: a crash leaves a whole key or none, and nobody reads half of one. */
  async #write(name: string, text: string): Promise<void> {
    const file = this.#file(name);
    await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
    await rename(`${file}.new`, file);
  }

  #file(name: string): string {
    return join(this.#directory, `${name}.key`);
  }
}
