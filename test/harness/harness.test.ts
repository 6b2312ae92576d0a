// The harness itself: that it starts the real programs, sees what they do, and takes everything down again.

import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { processesWith } from './processes.ts';
import { RealMachine } from './real-machine.ts';

describe('a real machine', () => {
  it('has a session, and leaves nothing behind', async () => {
    let root: string;
    {
      await using machine = await RealMachine.start();
      root = machine.root;
      const technician = await machine.session({ allow: ['shell'] });
      const shell = await technician.shell();
      shell.enter('echo "$((6 * 7)) is the answer"');
      await shell.until('42 is the answer');
      expect(machine.sessionProcesses().length).toBeGreaterThan(0);
      await machine.end();
      expect(await shell.closed).toEqual({ code: 6, signal: null });
      expect(shell.notices.text).toContain('the person at the machine ended the session');
      expect(machine.sessionProcesses()).toEqual([]);
      const ended = await machine.untilRecorded(({ type }) => type === 'receipt.issued');
      expect(ended.session).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(processesWith(root)).toEqual([]);
    expect(existsSync(root)).toBe(false);
  });

  it('shows the real prompt on a terminal', async () => {
    await using machine = await RealMachine.start();
    const prompt = await machine.chaperonedOnTerminal(['prompt', '--plain']);
    await prompt.until('One-time code');
    const technician = await machine.technician();
    await prompt.until('Type allow and press Enter');
    prompt.enter('deny');
    await technician.untilTold('denied');
    await expect(technician.ready).rejects.toThrow('no session');
  });
});
