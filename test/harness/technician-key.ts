// Technicians' keys, made by OpenSSH's own ssh-keygen.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../programs.ts';

export interface TechnicianKey {
  /** Path of the private key, without a passphrase. */
  readonly file: string;
  /** Path of the public key. */
  readonly publicFile: string;
  readonly privateKey: string;
  /** One line, as policies and authorized_keys hold it. */
  readonly publicKey: string;
}

export type TechnicianKeyType = 'ed25519' | 'rsa';

/** Makes a key in `directory`; Ed25519 unless said otherwise. */
export function makeTechnicianKey(
  directory: string,
  name = 'id_ed25519',
  type: TechnicianKeyType = 'ed25519',
): TechnicianKey {
  const file = join(directory, name);
  const keygen = findProgram('ssh-keygen') ?? 'ssh-keygen';
  execFileSync(keygen, ['-q', '-t', type, '-N', '', '-C', name, '-f', file], { stdio: 'ignore' });
  const publicFile = `${file}.pub`;
  return {
    file,
    publicFile,
    privateKey: readFileSync(file, 'utf8'),
    publicKey: readFileSync(publicFile, 'utf8').trim(),
  };
}
