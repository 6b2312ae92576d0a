// The machines that this technician has met: what each one's key is, what it is called and where it was last.
//
// One file per host key, because the key is the machine. Several processes may write at once; each file is replaced
// as a whole.

import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import { privateDirectory } from '../../protocol/home.ts';
import { readPrivate, writePrivate } from './private-file.ts';

const ADDRESSES_KEPT = 8; // of one machine; laptops move
const MACHINES_MAX = 10_000;
const FILE_NAME = /^[\w-]{43}\.json$/;

export const KnownMachine = z.strictObject({
  v: z.literal(1),
  /** `SHA256:…` of the SSH host key. */
  fingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/),
  /** C2SP verifier key of its log, grants and receipts; null until the first session. */
  machineKey: z.string().max(300).nullable(),
  /** Nine digits; null until it has said it. */
  connectionId: z
    .string()
    .regex(/^\d{9}$/)
    .nullable(),
  name: z.string().max(64),
  /** `host:port`, the latest first. */
  addresses: z.array(z.string().max(300)).max(ADDRESSES_KEPT),
  firstSeen: z.iso.datetime(),
  lastSession: z.iso.datetime().nullable(),
  sessions: z.int().min(0),
});
export type KnownMachine = z.infer<typeof KnownMachine>;

export class MachineBook {
  readonly directory: string;

  constructor(home: string) {
    this.directory = privateDirectory(join(home, 'machines'));
  }

  /** The key that a machine has shown here under this name; machines sign as `chaperone/machine/` and their number. */
  keyNamed(name: string | null): string | null {
    const keys = this.all().flatMap(({ machineKey }) => machineKey ?? []);
    return keys.find((key) => key.split('+')[0] === name) ?? null;
  }

  /** Most recently used first. @throws ChaperoneError when a record is damaged: a lost pin must not look like none */
  all(): readonly KnownMachine[] {
    const names = readdirSync(this.directory).filter((name) => FILE_NAME.test(name));
    return names
      .slice(0, MACHINES_MAX)
      .flatMap((name) => this.#read(join(this.directory, name)) ?? [])
      .sort((a, b) => (b.lastSession ?? b.firstSeen).localeCompare(a.lastSession ?? a.firstSeen));
  }

  byFingerprint(fingerprint: string): KnownMachine | null {
    return this.#read(this.#file(fingerprint));
  }

  byId(connectionId: string): KnownMachine | null {
    return this.all().find((machine) => machine.connectionId === connectionId) ?? null;
  }

  save(machine: KnownMachine): void {
    const addresses = [...new Set(machine.addresses)].slice(0, ADDRESSES_KEPT);
    writePrivate(this.#file(machine.fingerprint), `${JSON.stringify({ ...machine, addresses }, null, 2)}\n`);
  }

  /** Puts the record of a key that is no longer valid aside; it stays on disk as `.retired`. */
  retire(machine: KnownMachine): void {
    const file = this.#file(machine.fingerprint);
    renameSync(file, `${file}.${Date.now()}.retired`);
  }

  #file(fingerprint: string): string {
    const name = fingerprint.replace('SHA256:', '').replaceAll('+', '-').replaceAll('/', '_');
    return join(this.directory, `${name}.json`);
  }

  #read(file: string): KnownMachine | null {
    const text = readPrivate(file);
    if (text === null) {
      return null;
    }
    try {
      return KnownMachine.parse(JSON.parse(text));
    } catch (cause) {
      throw new ChaperoneError(`what is known about a machine is damaged: ${file}`, {
        exitCode: EXIT.verification,
        hint: 'restore the file, or remove it and compare the fingerprint anew at the next connection',
        cause,
      });
    }
  }
}
