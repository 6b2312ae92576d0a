import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWith } from '../../test/requires.ts';
import { TEST_CODE, TestMachine } from './test-machine.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
/** Logs in at a desktop: its own bus, and the keyring opened with the account's password. Then runs the rest. */
const LOG_IN = 'printf %s "$PASSWORD" | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-keychain-'));
  chmodSync(home, 0o700);
  mkdirSync(join(home, '.cache'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `chaperone` in a login of its own at a desktop. */
function atDesktop(...args: string[]): Promise<Ran> {
  const environment = {
    CHAPERONE_HOME: join(home, 'state'),
    HOME: home,
    PASSWORD: 'of the account',
    SSH_AUTH_SOCK: undefined,
  };
  const command = [
    'sh',
    '-c',
    LOG_IN,
    'login',
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    MAIN,
    ...args,
  ];
  const child = spawn('dbus-run-session', ['--', ...command], {
    env: {
      ...process.env,
      ...environment,
      XDG_RUNTIME_DIR: undefined,
      XDG_DATA_HOME: undefined,
      XDG_CACHE_HOME: undefined,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

describeWith(['dbus-run-session', 'gnome-keyring-daemon'], 'a key in the keychain of the desktop', () => {
  it('is made there, is still there at the next login, and leads to a session', async () => {
    const made = await atDesktop('whoami', '--json');
    const { keys, made: words } = JSON.parse(made.out);
    expect(words).toContain('keychain of the desktop');
    expect(keys).toMatchObject([{ store: 'keychain', fingerprint: expect.stringMatching(/^SHA256:/) }]);
    const folder = join(home, 'state', 'technician');
    expect(readdirSync(folder).filter((name) => name.startsWith('id_'))).toEqual(['id_ed25519.pub']);
    expect(everyFile(home).filter((file) => readFileSync(file).includes('PRIVATE KEY'))).toEqual([]);

    await using machine = await TestMachine.start({
      technicians: [keys[0].fingerprint],
      talk: async (talk) => {
        await talk.tell('denied');
        return false;
      },
    });
    const request = ['--reason', 'printer', '--ticket', 'T-1', '--code', TEST_CODE, '--accept-new', '--json'];
    const ran = await atDesktop('connect', machine.address, ...request);
    expect(machine.technicianKey, ran.err).toBe(keys[0].fingerprint);
    expect(ran.code).toBe(3);
  });

  it('is not made without a keychain, and nothing is left of the attempt', async () => {
    const child = spawn(process.execPath, [MAIN, 'whoami'], {
      env: {
        ...process.env,
        CHAPERONE_HOME: home,
        HOME: home,
        DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
        SSH_AUTH_SOCK: undefined,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2);
    expect(err).toContain('The keychain of this computer cannot be used: none is running, or it stays locked.\n');
    expect(err).not.toMatch(/dbus|socket|platform/i);
    expect(err).toContain('whoami --no-passphrase');
    expect(existsSync(join(home, 'technician', 'id_ed25519.pub'))).toBe(false);
  });
});

function everyFile(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
