// What a technician may set once instead of typing it each time: `settings.yaml` in the technician's directory.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../protocol/errors.ts';
import { technicianHome } from '../../protocol/home.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { readPrivate } from '../records/private-file.ts';

export interface Settings {
  /** Private key to use. @default ssh-agent, then this program's own, then ~/.ssh/id_ed25519 */
  readonly identity: string | null;
  /** Permissions to ask for unless the command line names others. @default diagnostics, shell */
  readonly scopes: readonly Scope[];
}

const DEFAULTS: Settings = { identity: null, scopes: ['diagnostics', 'shell'] };

export function settingsFile(environment?: NodeJS.ProcessEnv): string {
  return join(technicianHome(environment), 'settings.yaml');
}

/** Reads nothing but a file name when there is no file: parser and schema are loaded only for one. @throws UsageError */
export async function loadSettings(environment?: NodeJS.ProcessEnv): Promise<Settings> {
  const file = settingsFile(environment);
  const text = readPrivate(file);
  if (text === null) {
    return DEFAULTS;
  }
  const [{ parse }, { SettingsFile }, { prettifyError }] = await Promise.all([
    import('yaml'),
    import('./settings-file.ts'),
    import('zod'),
  ]);
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (cause) {
    throw new UsageError(`${file} is not YAML: ${cause instanceof Error ? cause.message : ''}`, 'mend or remove it');
  }
  const parsed = SettingsFile.safeParse(value);
  if (!parsed.success) {
    throw new UsageError(`${file} has a problem: ${prettifyError(parsed.error)}`, 'known are: identity, scopes');
  }
  const { identity, scopes } = parsed.data;
  return {
    identity: identity === undefined ? DEFAULTS.identity : identity.replace(/^~(?=\/)/, homedir()),
    scopes: scopes ?? DEFAULTS.scopes,
  };
}
