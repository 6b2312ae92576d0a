// Who makes a key at a terminal is told what its passphrase must be before they type it, and nothing is made until it is right.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sshKeygenAgrees } from '../harness/certificate-authority.ts';
import { CHAPERONE, HUB } from '../harness/place.ts';
import { Terminal } from '../harness/terminal.ts';
import { describeWith } from '../requires.ts';

const PASSPHRASE = 'four words of mine';
const CTRL_C = '\u0003';
const QUESTION = /assphrase[^:]* \(at least 8 characters\): $/;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-passphrase-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function run(...argv: string[]): Promise<Terminal> {
  const environment = {
    PATH: process.env.PATH ?? '',
    LANG: 'C.UTF-8',
    HOME: home,
    CHAPERONE_HOME: join(home, 'state'),
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
  };
  return Terminal.run([execPath, ...argv], { environment, cwd: home, cols: 200 });
}

/** Types each of `lines` when its question stands there. */
async function answer(
  terminal: Terminal,
  lines: readonly (readonly [question: RegExp, typed: string])[],
): Promise<void> {
  let from = 0;
  for (const [question, typed] of lines) {
    await terminal.until(question, { from });
    from = terminal.output.end;
    terminal.type(typed);
  }
}

describeWith(['ssh-keygen'], 'a new passphrase', () => {
  const key = () => join(home, 'state', 'technician', 'id_ed25519');

  it('locks the key of a technician who has no keychain, once it is long enough and typed twice', async () => {
    await using terminal = await run(CHAPERONE, 'whoami');
    await answer(terminal, [
      [QUESTION, 'short\r'],
      [QUESTION, `${PASSPHRASE}\r`],
      [/Once more: $/, 'something else\r'],
      [QUESTION, `${PASSPHRASE}\r`],
      [/Once more: $/, `${PASSPHRASE}\r`],
    ]);
    expect((await terminal.exited).code).toBe(0);
    expect(terminal.text).toContain('That is too short.');
    expect(terminal.text).toContain('Those were not the same.');
    expect(terminal.text).toContain('locked with your passphrase');
    expect(terminal.text).not.toContain(PASSPHRASE);
    expect(sshKeygenAgrees(['-y', '-P', PASSPHRASE, '-f', key()])).toBe(true);
    expect(sshKeygenAgrees(['-y', '-P', '', '-f', key()])).toBe(false);
  });

  it('that is not given leaves nothing behind', async () => {
    await using terminal = await run(CHAPERONE, 'whoami');
    await answer(terminal, [[QUESTION, CTRL_C]]);
    expect((await terminal.exited).code).toBe(2);
    expect(terminal.text).toContain('no key was made');
    expect([existsSync(key()), existsSync(`${key()}.pub`)]).toEqual([false, false]);
  });

  it('is asked for the authority in the same way', async () => {
    await using terminal = await run(HUB, 'ca', 'init');
    await answer(terminal, [[QUESTION, 'short\r']]);
    expect((await terminal.exited).code).toBe(2);
    expect(terminal.text).toContain('take at least 8 characters');
    expect(existsSync(join(home, 'state', 'hub', 'ca', 'ca.pub'))).toBe(false);
  });
});
