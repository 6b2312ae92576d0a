// What a technician may set once instead of typing it each time: settings.json in the technician's directory.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../protocol/errors.ts';
import { technicianHome } from '../../protocol/home.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { readPrivate } from '../records/private-file.ts';
import type { SettingsFile } from './settings-file.ts';

export interface Settings {
  /** Private key to use. @default ssh-agent, then this program's own, then id_ed25519, id_ecdsa and id_rsa in ~/.ssh */
  readonly identity: string | null;
  /** Certificate of that key. @default the file beside the key that ends in -cert.pub */
  readonly certificate: string | null;
  /** Permissions to ask for unless the command line names others. @default diagnostics, shell */
  readonly scopes: readonly Scope[];
  /** Further known_hosts files, which are only read. @default none */
  readonly knownHosts: readonly string[];
  /** Whether names in known_hosts are written hashed. @default false */
  readonly hashKnownHosts: boolean;
  /** Keys of authorities that may vouch for every machine. @default none */
  readonly hostAuthorities: readonly string[];
}

export const DEFAULT_SETTINGS: Settings = {
  identity: null,
  certificate: null,
  scopes: ['diagnostics', 'shell'],
  knownHosts: [],
  hashKnownHosts: false,
  hostAuthorities: [],
};

export function settingsFile(environment?: NodeJS.ProcessEnv): string {
  return join(technicianHome(environment), 'settings.json');
}

/**
 * Reads nothing but a file name when there is no file. `conf` writes it (write-settings.ts) and is not loaded to read
 * it: that would be a third of the time in which a connection begins.
 *
 * @throws UsageError
 */
export async function loadSettings(environment?: NodeJS.ProcessEnv): Promise<Settings> {
  const file = settingsFile(environment);
  const text = readPrivate(file);
  if (text === null) {
    return DEFAULT_SETTINGS;
  }
  const { v: _, ...set } = await parseSettings(text, file);
  const { identity, certificate, knownHosts } = set;
  return {
    ...DEFAULT_SETTINGS,
    ...withoutUndefined(set),
    identity: identity === undefined ? DEFAULT_SETTINGS.identity : atHome(identity),
    certificate: certificate === undefined ? DEFAULT_SETTINGS.certificate : atHome(certificate),
    knownHosts: (knownHosts ?? DEFAULT_SETTINGS.knownHosts).map(atHome),
  };
}

/** @throws UsageError */
export async function parseSettings(text: string, file: string): Promise<SettingsFile> {
  const { SettingsFile, migrate } = await import('./settings-file.ts');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file} is not JSON: ${cause instanceof Error ? cause.message : ''}`, 'mend or remove it');
  }
  const parsed = SettingsFile.safeParse(migrate(value));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => [...path.slice(0, 1), message].join(': '));
    throw new UsageError(`${file} has a problem: ${problems.join('; ')}`, 'what can be set: chaperone settings');
  }
  return parsed.data;
}

function atHome(path: string): string {
  return path.replace(/^~(?=\/)/, homedir());
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  const defined: Defined<T> = {};
  for (const [name, item] of Object.entries(value)) {
    if (item !== undefined) {
      Reflect.set(defined, name, item);
    }
  }
  return defined;
}
