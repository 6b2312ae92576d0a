import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, loadSettings, settingsFile } from './settings.ts';
import { changeSetting } from './write-settings.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-settings-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const load = () => loadSettings({ CHAPERONE_HOME: home });
const change = (name: string, values: readonly string[] | null) =>
  changeSetting(name, values, { CHAPERONE_HOME: home });

function write(text: string): void {
  const file = settingsFile({ CHAPERONE_HOME: home });
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text);
}

describe('settings', () => {
  it('are not needed', async () => {
    expect(await load()).toEqual(DEFAULT_SETTINGS);
    expect(DEFAULT_SETTINGS).toMatchObject({ identity: null, scopes: ['diagnostics', 'shell'] });
  });

  it('name a key and what to ask for', async () => {
    write('{ "v": 1, "identity": "~/.ssh/work", "scopes": ["shell", "diagnostics"] }');
    expect(await load()).toEqual({
      ...DEFAULT_SETTINGS,
      identity: join(homedir(), '.ssh/work'),
      scopes: ['diagnostics', 'shell'],
    });
  });

  it.each(['{ "v": 1, "identify": "x" }', '{ "v": 1, "scopes": ["root"] }', '{', '{ "v": 2 }', '[]'])(
    'say what is wrong with %j',
    async (text) => {
      write(text);
      await expect(load()).rejects.toMatchObject({ exitCode: 2, hint: expect.any(String) });
      await expect(change('identity', ['x'])).rejects.toMatchObject({ exitCode: 2 });
      expect(readFileSync(settingsFile({ CHAPERONE_HOME: home }), 'utf8')).toBe(text);
    },
  );

  it('of the time before they had a version are still read', async () => {
    write('{ "identity": "/keys/work" }');
    expect(await load()).toMatchObject({ identity: '/keys/work' });
  });

  it('are changed one by one, in a file that nobody else reads', async () => {
    await change('scopes', ['diagnostics']);
    await change('hash-known-hosts', ['yes']);
    await change('known-hosts', ['/etc/chaperone/known_hosts', '~/more']);
    expect(await load()).toEqual({
      ...DEFAULT_SETTINGS,
      scopes: ['diagnostics'],
      hashKnownHosts: true,
      knownHosts: ['/etc/chaperone/known_hosts', join(homedir(), 'more')],
    });
    await change('scopes', null);
    expect((await load()).scopes).toEqual(DEFAULT_SETTINGS.scopes);
    expect(statSync(settingsFile({ CHAPERONE_HOME: home })).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['scope', ['shell'], 'scopes'],
    ['scopes', ['everything'], 'permissions are: diagnostics'],
    ['scopes', ['diagnostic'], 'did you mean "diagnostics"'],
    ['hash-known-hosts', ['maybe'], ''],
    ['identity', ['a', 'b'], ''],
    ['identity', [], ''],
    ['host-authorities', ['not a key'], ''],
  ])('refuse %s = %j', async (name, values, hint) => {
    await expect(change(name, values)).rejects.toMatchObject({ exitCode: 2, hint: expect.stringContaining(hint) });
    expect(await load()).toEqual(DEFAULT_SETTINGS);
  });

  it('say what is wrong in a line, without the signs of a program', async () => {
    const problem = await change('host-authorities', ['not a key']).catch((error: unknown) => String(error));
    expect(problem).toContain('the setting host-authorities has a problem: hostAuthorities: a key is written like');
    expect(problem).not.toMatch(/[\n✖→]/);
  });
});
