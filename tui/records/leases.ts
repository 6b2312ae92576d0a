// Secrets that let this technician come back once after a restart, one per machine. Taken out before they are used.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { privateDirectory } from '../../protocol/home.ts';
import { readPrivate, writePrivate } from './private-file.ts';

const Kept = z.strictObject({ secret: z.string().max(100), expiresAt: z.iso.datetime() });
export type KeptLease = z.infer<typeof Kept>;

export class LeaseBook {
  readonly #directory: string;

  constructor(home: string) {
    this.#directory = privateDirectory(join(home, 'leases'));
  }

  /** @param fingerprint of the machine's host key */
  keep(fingerprint: string, lease: KeptLease): void {
    writePrivate(this.#file(fingerprint), `${JSON.stringify(lease)}\n`);
  }

  /** The secret for this machine, which is not here any more; empty when there is none. */
  take(fingerprint: string): string {
    const file = this.#file(fingerprint);
    const text = readPrivate(file);
    rmSync(file, { force: true });
    if (text === null) return '';
    try {
      return Kept.parse(JSON.parse(text)).secret;
    } catch {
      return '';
    }
  }

  #file(fingerprint: string): string {
    const name = fingerprint.replace('SHA256:', '').replaceAll('+', '-').replaceAll('/', '_');
    return join(this.#directory, `${name}.json`);
  }
}
