import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings, settingsFile } from './settings.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-settings-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(text: string): void {
  const file = settingsFile({ CHAPERONE_HOME: home });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

describe('settings', () => {
  it('are not needed', async () => {
    expect(await loadSettings({ CHAPERONE_HOME: home })).toEqual({ identity: null, scopes: ['diagnostics', 'shell'] });
  });

  it('name a key and what to ask for', async () => {
    write('identity: ~/.ssh/work\nscopes: [shell, diagnostics]\n');
    expect(await loadSettings({ CHAPERONE_HOME: home })).toEqual({
      identity: join(homedir(), '.ssh/work'),
      scopes: ['diagnostics', 'shell'],
    });
  });

  it.each(['identify: x\n', 'scopes: [root]\n', 'scopes: [\n'])('say what is wrong with %j', async (text) => {
    write(text);
    await expect(loadSettings({ CHAPERONE_HOME: home })).rejects.toMatchObject({ exitCode: 2 });
  });
});
