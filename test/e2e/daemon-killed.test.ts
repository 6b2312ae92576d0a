// The daemon dies in the middle of a session: a power cut, the out-of-memory killer.

import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RealMachine } from '../harness/real-machine.ts';
import { describeWith } from '../requires.ts';
import { machineCast, outputOf } from './casts.ts';
import { allow, answers, ask, IN_SHELL, live, promptOf } from './scenes.ts';
import { story } from './story.ts';

describeWith('tmux', 'the daemon is killed', () => {
  it('tells the technician, leaves no process, and goes on with a log that says what was cut', () =>
    story({}, async (at) => {
      const { machine } = at;
      const { dashboard, prompt } = await live(at);
      dashboard.enter('yes');
      await dashboard.until(/^y$/m);
      const { session } = await machine.untilRecorded(({ type }) => type === 'shell.opened');
      await machine.kill();
      await dashboard.until(['The session is over', /the (connection broke|machine closed the connection)/]);
      expect(await prompt.exited()).toBe(4);
      await expect.poll(() => machine.sessionProcesses(), { timeout: 20_000 }).toEqual([]);

      // What a power cut adds to it: an entry that was being written when it came.
      const torn = tearLog(join(machine.home, 'audit'));
      await machine.startAgain();
      const recovered = await machine.untilRecorded(({ type }) => type === 'log.recovered');
      expect(recovered.fields.cutFiles).toContain(torn);
      const verified = await machine.chaperoned('audit', 'verify');
      expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('The record is whole') });
      expect(outputOf(machineCast(at, session ?? ''))).toContain('y\r\ny\r\n');

      const promptAgain = await promptOf(at);
      const again = await ask(at);
      await allow(promptAgain);
      await again.until(IN_SHELL);
      await answers(again);
      await at.machine.end();
      await again.until('the person at the machine ended the session');
    }));
});

it('a daemon that starts again ends what the killed one left running, where no namespace did', async () => {
  await using machine = await RealMachine.start({ environment: { PATH: '/nonexistent' } }); // no bubblewrap
  const technician = await machine.session({ allow: ['shell'] });
  const shell = await technician.shell();
  shell.enter(`trap '' HUP; sleep 600 & echo it $((40+2)) runs`);
  await shell.until('it 42 runs');
  await machine.kill();
  await shell.closed;
  expect(machine.sessionProcesses()).not.toEqual([]);
  const from = (await machine.record()).length;
  await machine.startAgain();
  expect(machine.sessionProcesses()).toEqual([]);
  const started = await machine.untilRecorded(({ type }) => type === 'daemon.started', from);
  expect(started.fields.leftoversEnded).toBeGreaterThan(0);
});

/** Leaves the newest bundle of entries as it is while the next entry is being added to it. Returns its path. */
function tearLog(directory: string): string {
  const folder = join('tile', 'entries');
  const partial = readdirSync(join(directory, folder)).find((name) => name.endsWith('.p')) ?? '';
  const widths = readdirSync(join(directory, folder, partial)).map(Number);
  const width = Math.max(...widths);
  const whole = readFileSync(join(directory, folder, partial, String(width)));
  const path = join(folder, partial, String(width + 1));
  writeFileSync(join(directory, path), whole);
  appendFileSync(join(directory, path), Buffer.from([0x02, 0x00, 0x7b]));
  return path;
}
