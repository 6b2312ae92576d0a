// The key that this program makes for a technician who has none yet.

import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { privateDirectory } from '../../protocol/home.ts';
import { newSshKey } from '../../protocol/ssh-keygen.ts';
import { createPrivate } from '../records/private-file.ts';
import { ownKeyFile, userName } from './technician-keys.ts';

/** Makes the key unless there is one. Returns its file. It is not locked: whoever reads the disk has it. */
export function makeOwnKey(environment?: NodeJS.ProcessEnv): string {
  const file = ownKeyFile(environment);
  if (existsSync(file)) {
    return file;
  }
  privateDirectory(dirname(file));
  const { privateKey, publicLine } = newSshKey(`${userName() || 'technician'}@${hostname()}`);
  if (createPrivate(file, privateKey)) {
    writeFileSync(`${file}.pub`, `${publicLine}\n`, { mode: 0o644 });
  }
  return file;
}
