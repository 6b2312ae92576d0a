// Where the passphrase of the authority's key comes from: a file for scripts, else the person at the terminal.

import { readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UsageError } from '../../protocol/errors.ts';
import type { AskPassphrase } from '../authority/authority.ts';

const LENGTH_MIN = 8; // characters; bcrypt makes each guess cost half a second of a processor
const FILE_MAX = 4096; // bytes

export interface PassphraseOptions {
  readonly passphraseFile?: string;
}

/** Opens an existing key. */
export function passphraseFrom({ passphraseFile }: PassphraseOptions): AskPassphrase {
  return async ({ file }) =>
    passphraseFile === undefined ? await ask(`Passphrase of ${file}: `) : firstLine(passphraseFile);
}

/** For a new key: asked twice at the terminal. @throws UsageError */
export async function newPassphrase({ passphraseFile }: PassphraseOptions): Promise<string> {
  const first =
    passphraseFile === undefined
      ? await ask(`Passphrase for the key of the authority (at least ${LENGTH_MIN} characters): `)
      : firstLine(passphraseFile);
  if (first.length < LENGTH_MIN) {
    throw new UsageError('that passphrase is too short', `take at least ${LENGTH_MIN} characters`);
  }
  if (passphraseFile === undefined && (await ask('Once more: ')) !== first) {
    throw new UsageError('those were not the same', 'try again');
  }
  return first;
}

function firstLine(file: string): string {
  const { mode, size } = statSync(file);
  if ((mode & 0o077) !== 0 || size > FILE_MAX) {
    throw new UsageError(`${file} can be read by other users, or is too large`, `chmod 600 ${file}`);
  }
  return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] ?? '';
}

async function ask(question: string): Promise<string> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    throw new UsageError('nobody can be asked for the passphrase', 'name a file with it: --passphrase-file FILE');
  }
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const gone = new AbortController();
  lines.once('SIGINT', () => gone.abort());
  lines.once('close', () => gone.abort());
  try {
    return await lines.question('', { signal: gone.signal });
  } catch {
    throw new UsageError('no passphrase was given', 'try again');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
