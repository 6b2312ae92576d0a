// Keys, certificates and signatures made by OpenSSH's own ssh-keygen, in one directory.

import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../programs.ts';

export type KeyType = 'ed25519' | 'ecdsa-256' | 'ecdsa-384' | 'rsa-2048';

/** Runs ssh-keygen; what it printed. Throws when it fails. */
export function sshKeygen(args: readonly string[], input?: string | Uint8Array): string {
  return execFileSync(findProgram('ssh-keygen') ?? 'ssh-keygen', args, {
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
  });
}

/** Whether ssh-keygen says yes (exit status 0). */
export function sshKeygenAgrees(args: readonly string[], input: string | Uint8Array = ''): boolean {
  return (
    spawnSync(findProgram('ssh-keygen') ?? 'ssh-keygen', args, { input, stdio: ['pipe', 'ignore', 'ignore'] })
      .status === 0
  );
}

export interface KeyFiles {
  readonly file: string;
  readonly publicFile: string;
  /** One line, without newline. */
  readonly publicLine: string;
}

export function makeKey(directory: string, name: string, type: KeyType = 'ed25519', passphrase = ''): KeyFiles {
  const file = join(directory, name);
  const [kind = '', bits] = type.split('-');
  sshKeygen(['-q', '-t', kind, ...(bits === undefined ? [] : ['-b', bits]), '-N', passphrase, '-C', name, '-f', file]);
  return { file, publicFile: `${file}.pub`, publicLine: readFileSync(`${file}.pub`, 'utf8').trim() };
}

export interface CertificateWishes {
  readonly keyId?: string;
  readonly serial?: number;
  /** As `-n` takes it; empty for none. */
  readonly principals?: string;
  /** As `-V` takes it. @default an hour from now on */
  readonly validity?: string;
  /** Each as `-O` takes it. */
  readonly options?: readonly string[];
  readonly host?: boolean;
  /** Names the certificate's file, for a key that gets several. */
  readonly as?: string;
}

/** Signs the public key of `key` with `ca`; path of the certificate. */
export function certify(ca: KeyFiles, key: KeyFiles, wishes: CertificateWishes = {}): string {
  const base = wishes.as === undefined ? key.file : join(key.file, '..', wishes.as);
  if (wishes.as !== undefined) {
    writeFileSync(`${base}.pub`, `${key.publicLine}\n`);
  }
  sshKeygen([
    '-q',
    '-s',
    ca.file,
    '-I',
    wishes.keyId ?? 'Dana Reyes',
    '-z',
    String(wishes.serial ?? 1),
    '-V',
    wishes.validity ?? '-1m:+1h',
    ...(wishes.principals === '' ? [] : ['-n', wishes.principals ?? 'technician']),
    ...(wishes.host === true ? ['-h'] : []),
    ...(wishes.options ?? []).flatMap((option) => ['-O', option]),
    `${base}.pub`,
  ]);
  return `${base}-cert.pub`;
}
