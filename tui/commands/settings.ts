// `chaperone settings`: shows what is set once for all, and changes it.

import { loadSettings, settingsFile } from '../settings/settings.ts';
import { changeSetting, SETTING_NAMES } from '../settings/write-settings.ts';
import { type OutputOptions, print } from './output.ts';
import { tableLines } from './table.ts';

export async function showSettings(options: OutputOptions): Promise<void> {
  const settings = await loadSettings();
  const file = settingsFile();
  const columns = [{ title: 'setting' }, { title: 'value' }, { title: 'what it is' }];
  const rows = Object.entries(SETTING_NAMES).map(([name, { field, about }]) => {
    const value = settings[field];
    return [name, inWords(value), about];
  });
  print(options, { file, settings }, [...tableLines(columns, rows), '', `They are kept in ${file}.`]);
}

export async function setSetting(name: string, values: readonly string[]): Promise<void> {
  await changeSetting(name, values);
}

export async function unsetSetting(name: string): Promise<void> {
  await changeSetting(name, null);
}

function inWords(value: string | boolean | readonly string[] | null): string {
  if (value === null || typeof value === 'boolean') {
    return value === null ? '-' : value ? 'yes' : 'no';
  }
  return typeof value === 'string' ? value : value.join(' ') || '-';
}
