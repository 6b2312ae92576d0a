// `chaperone-hub ca init`: makes the authority, and says what machines and technicians need of it.

import { formatPublicLine } from '../../protocol/identity/public-key.ts';
import { authorityAt, type DirectoryOptions } from './authority-at.ts';
import { type OutputOptions, print } from './output.ts';
import { newPassphrase, type PassphraseOptions } from './passphrase.ts';

export interface InitOptions extends OutputOptions, PassphraseOptions, DirectoryOptions {
  readonly name: string;
  readonly keychain?: boolean;
  /** False with `--no-passphrase`. */
  readonly passphrase: boolean;
}

export async function initAuthority(options: InitOptions): Promise<void> {
  const authority = authorityAt(options);
  const key = await authority.init({
    name: options.name,
    keep:
      options.keychain === true
        ? { in: 'keychain' }
        : { in: 'file', passphrase: options.passphrase ? await newPassphrase(options) : null },
  });
  const line = formatPublicLine(key, options.name);
  const { directory, publicFile, isInKeychain } = authority;
  print(options, { directory, publicFile, publicLine: line, fingerprint: key.fingerprint, inKeychain: isInKeychain }, [
    `The authority is in ${directory}: ${key.fingerprint}`,
    isInKeychain
      ? 'Its key is in the keychain of this computer.'
      : options.passphrase
        ? 'Its key is locked with your passphrase. Keep a copy of the directory where only you can reach it.'
        : 'Its key is NOT locked: whoever reads the file can make technicians.',
    '',
    `Copy ${publicFile} to each machine and name it in its policy:`,
    '  organisation:',
    '    ca: /etc/chaperone/ca.pub',
    '',
    'For each technician, so that machines are known by their certificate, a line in known_hosts:',
    `  @cert-authority * ${line}`,
  ]);
}
