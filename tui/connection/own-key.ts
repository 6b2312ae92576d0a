// The key that this program makes for a technician who has none yet.

import { existsSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import ssh2 from 'ssh2';
import { privateDirectory } from '../../protocol/home.ts';
import { createPrivate } from '../records/private-file.ts';
import { ownKeyFile } from './technician-keys.ts';

/** Makes the key unless there is one. Returns its file. It is not locked: whoever reads the disk has it. */
export function makeOwnKey(environment?: NodeJS.ProcessEnv): string {
  const file = ownKeyFile(environment);
  if (existsSync(file)) {
    return file;
  }
  privateDirectory(dirname(file));
  const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment: `${userInfo().username}@${hostname()}` });
  if (createPrivate(file, pair.private)) {
    writeFileSync(`${file}.pub`, `${pair.public}\n`, { mode: 0o644 });
  }
  return file;
}
