// The keys that open the sealed bodies of the technician's own log: one per session, and one for the rest, so that
// what one session left behind can be shredded alone.

import { join } from 'node:path';
import { type BodyKey, newBodyKey } from '../../protocol/audit/envelope.ts';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import { privateDirectory } from '../../protocol/home.ts';
import { createPrivate, readPrivate } from './private-file.ts';

const KEY_BYTES = 32;
const NO_SESSION = 'own';

export class BodyKeys {
  readonly #directory: string;

  constructor(home: string) {
    this.#directory = privateDirectory(join(home, 'body-keys'));
  }

  /** The key of a session (null: of what belongs to none); made on first use, and on disk before it is used. */
  of(session: string | null): BodyKey {
    return this.find(session) ?? this.#make(session);
  }

  /** Null when there is none, as after disposal. */
  find(session: string | null): BodyKey | null {
    const file = this.#file(session);
    const text = readPrivate(file);
    if (text === null) {
      return null;
    }
    const key = Buffer.from(text.trim(), 'hex');
    if (key.length !== KEY_BYTES) {
      throw new ChaperoneError(`${file} is damaged`, {
        exitCode: EXIT.verification,
        hint: 'restore it; without it these events can be verified but not read',
      });
    }
    return key;
  }

  #make(session: string | null): BodyKey {
    const file = this.#file(session);
    createPrivate(file, `${Buffer.from(newBodyKey()).toString('hex')}\n`);
    const made = this.find(session); // perhaps by another process: its key is the key
    if (made === null) {
      throw new ChaperoneError(`${file} was removed while it was being made`, { hint: 'try again' });
    }
    return made;
  }

  #file(session: string | null): string {
    return join(this.#directory, `${session ?? NO_SESSION}.key`);
  }
}
