// The computer was switched off and on: it is the same machine for everybody who knew it.

import { expect, it } from 'vitest';
import { freePort } from '../harness/free-port.ts';
import { describeWith } from '../requires.ts';
import { allow, IN_SHELL, live, promptOf } from './scenes.ts';
import { story } from './story.ts';

describeWith('tmux', 'the daemon is restarted', () => {
  it('ends the session in words, keeps its number and key, and knows its people', async () =>
    story({ listen: [`127.0.0.1:${await freePort()}`] }, async (at) => {
      const { machine } = at;
      const { dashboard, prompt } = await live(at);
      const before = await machine.status();
      const codeBefore = await machine.code();
      expect(await machine.stop()).toEqual({ code: 0, signal: null });
      await dashboard.until('Chaperone was stopped on the machine');
      expect(await prompt.exited()).toBe(4);
      expect(machine.sessionProcesses()).toEqual([]);

      await machine.startAgain();
      const after = await machine.status();
      expect(after.machine).toEqual(before.machine);
      expect(after.hostKey).toBe(before.hostKey);
      expect(after.machineKey).toBe(before.machineKey);
      const code = await machine.code();
      expect(code).not.toBe(codeBefore);

      // By its number alone: the technician's book knows the address and the key, so nothing is asked.
      const promptAgain = await promptOf(at);
      const wish = ['--code', code, '--reason', 'where were we', '--ticket', 'HD-2', '--scope', 'shell'];
      const again = at.chaperone(['connect', machine.id, ...wish]);
      await again.until('Waiting for the person at front-desk-2');
      await allow(promptAgain);
      await again.until(IN_SHELL);
      expect(await machine.chaperoned('audit', 'verify')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('It contains what 1 receipt saw.'),
      });
    }));
});
