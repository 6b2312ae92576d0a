// Changes one setting: through `conf`, which replaces the file as a whole and keeps it private.

import { dirname } from 'node:path';
import { UsageError } from '../../protocol/errors.ts';
import { privateDirectory } from '../../protocol/home.ts';
import { nearest } from '../../protocol/nearest-word.ts';
import { readPrivate } from '../records/private-file.ts';
import { checkScopes } from './check-scopes.ts';
import { parseSettings, settingsFile } from './settings.ts';
import { SETTINGS_VERSION, type SettingsFile } from './settings-file.ts';

const FILE_MODE = 0o600; // it says which key a technician uses

type Kind = 'one' | 'many' | 'yes-no';

/** What can be set, by the name that a person types. */
export const SETTING_NAMES = {
  identity: { field: 'identity', kind: 'one', about: 'private key file to use' },
  certificate: { field: 'certificate', kind: 'one', about: 'certificate of that key' },
  scopes: { field: 'scopes', kind: 'many', about: 'permissions to ask for' },
  'known-hosts': { field: 'knownHosts', kind: 'many', about: 'further known_hosts files, only read' },
  'hash-known-hosts': { field: 'hashKnownHosts', kind: 'yes-no', about: 'write names in known_hosts hashed (yes, no)' },
  'host-authorities': {
    field: 'hostAuthorities',
    kind: 'many',
    about: 'keys that vouch for machines (ssh-ed25519 AAAA…)',
  },
} as const satisfies Record<string, { field: keyof SettingsFile; kind: Kind; about: string }>;

/**
 * Sets `name` to `values`, or back to its default with null.
 *
 * @throws UsageError when there is no such setting, or it cannot be that; nothing is changed then
 */
export async function changeSetting(
  name: string,
  values: readonly string[] | null,
  environment?: NodeJS.ProcessEnv,
): Promise<void> {
  const { field, kind } = settingOf(name);
  if (field === 'scopes' && values !== null) checkScopes(values);
  const file = settingsFile(environment);
  const text = readPrivate(file);
  const { [field]: _, ...others } = text === null ? { v: SETTINGS_VERSION } : await parseSettings(text, file);
  const wanted = { ...others, ...(values === null ? {} : { [field]: inputOf(name, kind, values) }) };
  const changed = await parseSettings(JSON.stringify(wanted), `the setting ${name}`);
  const { default: Conf } = await import('conf');
  const store = new Conf<SettingsFile>({
    cwd: privateDirectory(dirname(file)),
    configName: 'settings',
    configFileMode: FILE_MODE,
    clearInvalidConfig: false,
  });
  store.store = changed;
}

function settingOf(name: string): { readonly field: keyof SettingsFile; readonly kind: Kind } {
  const found = Object.entries(SETTING_NAMES).find(([known]) => known === name);
  if (found === undefined) {
    const names = Object.keys(SETTING_NAMES);
    const word = nearest(name, names);
    throw new UsageError(
      `there is no setting ${JSON.stringify(name)}`,
      word === undefined ? `settings are: ${names.join(', ')}` : `did you mean "${word}"?`,
    );
  }
  return found[1];
}

function inputOf(name: string, kind: Kind, values: readonly string[]): unknown {
  if (kind === 'many') {
    return values;
  }
  const [value = '', ...more] = values;
  if (more.length > 0 || value === '') {
    throw new UsageError(`the setting ${name} takes one value`, `chaperone settings set ${name} …`);
  }
  if (kind === 'one') {
    return value;
  }
  if (!/^(yes|no)$/i.test(value)) {
    throw new UsageError(`the setting ${name} is yes or no`, `chaperone settings set ${name} yes`);
  }
  return value.toLowerCase() === 'yes';
}
