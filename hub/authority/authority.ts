// An organisation's certificate authority: a directory with its key, its public key, and the ledger.

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeTurn } from '../../protocol/directory-turn.ts';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import { privateDirectory } from '../../protocol/home.ts';
import { LockedKey, signerFromKeyFile } from '../../protocol/identity/private-key.ts';
import { parsePublicLine, type SshPublicKey } from '../../protocol/identity/public-key.ts';
import type { SshSigner } from '../../protocol/identity/signature.ts';
import { newSshKey } from '../../protocol/ssh-keygen.ts';
import { AuthorityLocked, AuthorityMissing } from './errors.ts';
import { type LedgerEntry, readLedger } from './ledger.ts';

const PRIVATE_MODE = 0o600;
const PUBLIC_MODE = 0o644; // machines and technicians get a copy

export type AskPassphrase = (question: { readonly file: string; readonly again: boolean }) => Promise<string | null>;

export interface AuthorityWishes {
  /** Comment of the key; what the authority is called. */
  readonly name: string;
  /** Where the private key is kept; a null passphrase leaves the file unlocked. */
  readonly keep: { readonly in: 'keychain' } | { readonly in: 'file'; readonly passphrase: string | null };
}

export class Authority {
  readonly directory: string;
  readonly publicFile: string;
  readonly ledgerFile: string;
  readonly #keyFile: string;

  /** Looks at nothing yet. */
  constructor(directory: string) {
    this.directory = directory;
    this.#keyFile = join(directory, 'ca');
    this.publicFile = `${this.#keyFile}.pub`;
    this.ledgerFile = join(directory, 'ledger.jsonl');
  }

  /** Makes the authority. @throws ChaperoneError when there is one already: its key must never be replaced unawares */
  async init({ name, keep }: AuthorityWishes): Promise<SshPublicKey> {
    privateDirectory(this.directory);
    await using _ = await takeTurn(this.directory);
    if (existsSync(this.publicFile) || existsSync(this.#keyFile)) {
      throw new ChaperoneError(`there is an authority in ${this.directory} already`, {
        exitCode: EXIT.usage,
        hint: 'choose another directory: --dir',
      });
    }
    const passphrase = keep.in === 'file' ? (keep.passphrase ?? undefined) : undefined;
    const { privateKey, publicLine } = newSshKey(name, passphrase);
    writeFileSync(this.ledgerFile, '', { mode: PRIVATE_MODE, flag: 'a', flush: true });
    if (keep.in === 'keychain') {
      const { writeKeychain } = await import('../../protocol/keychain.ts');
      await writeKeychain(this.#keyFile, privateKey);
    } else {
      replaceFile(this.#keyFile, privateKey, PRIVATE_MODE);
    }
    // Last: an authority is there when its public key is.
    replaceFile(this.publicFile, `${publicLine}\n`, PUBLIC_MODE);
    return parsePublicLine(publicLine);
  }

  /** @throws AuthorityMissing */
  publicKey(): SshPublicKey {
    if (!existsSync(this.publicFile)) {
      throw new AuthorityMissing(this.directory);
    }
    return parsePublicLine(readFileSync(this.publicFile, 'utf8'));
  }

  get isInKeychain(): boolean {
    return !existsSync(this.#keyFile);
  }

  /** What signs. @throws AuthorityMissing | AuthorityLocked | ChaperoneError */
  async signer(askPassphrase: AskPassphrase): Promise<SshSigner> {
    const publicKey = this.publicKey();
    const signer = await this.#open(askPassphrase);
    if (!signer.publicKey.blob.equals(publicKey.blob)) {
      throw new ChaperoneError(`the private key of the authority is not the one of ${this.publicFile}`, {
        exitCode: EXIT.verification,
        hint: 'restore both files from the same backup',
      });
    }
    return signer;
  }

  async #open(askPassphrase: AskPassphrase): Promise<SshSigner> {
    if (this.isInKeychain) {
      const { readKeychain } = await import('../../protocol/keychain.ts');
      const text = await readKeychain(this.#keyFile);
      if (text === null) {
        throw new ChaperoneError('the key of the authority is neither in its directory nor in the keychain', {
          hint: `restore ${this.#keyFile} from a backup`,
        });
      }
      return signerFromKeyFile(text);
    }
    const text = readFileSync(this.#keyFile, 'utf8');
    try {
      return signerFromKeyFile(text);
    } catch (error) {
      if (!(error instanceof LockedKey)) {
        throw error;
      }
    }
    const passphrase = await askPassphrase({ file: this.#keyFile, again: false });
    try {
      return signerFromKeyFile(text, passphrase ?? '');
    } catch (cause) {
      throw new AuthorityLocked(this.#keyFile, cause);
    }
  }

  /** @throws AuthorityMissing | LedgerDamaged */
  entries(): LedgerEntry[] {
    this.publicKey();
    return readLedger(this.ledgerFile);
  }
}

/** Writes `file` as a whole or not at all. */
export function replaceFile(file: string, text: string | Uint8Array, mode: number = PUBLIC_MODE): void {
  const temporary = `${file}.${process.pid}.new`;
  try {
    writeFileSync(temporary, text, { mode, flag: 'wx', flush: true });
    renameSync(temporary, file);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new ChaperoneError(`${file} cannot be written`, { cause, hint: 'check who owns the directory' });
  }
}
