// The technician's copy of a shell that was changed after a real session, or that nobody vouches for, is not played
// without a word, and the real `audit verify` of the technician's own log names it.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allow, answers, ask, IN_SHELL, live, promptOf, showReceipt } from '../e2e/scenes.ts';
import { type Story, story } from '../e2e/story.ts';
import { describeWith } from '../requires.ts';

const DOES_NOT_VERIFY = 5; // protocol/errors.ts
const CHANGED = 'This recording was CHANGED: it is not the one that your log knows.';
const UNKNOWN = 'Your log says nothing about this recording: it may have been changed.';

/** The copies of all sessions, oldest first, by their path below the technician's directory. */
function copies(at: Story): { readonly path: string; readonly file: string }[] {
  const home = join(at.technicianEnvironment().CHAPERONE_HOME ?? '', 'technician');
  return readdirSync(join(home, 'sessions'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.cast'))
    .sort()
    .map((name) => ({ path: join('sessions', name), file: join(home, 'sessions', name) }));
}

describeWith('tmux', 'the technician’s copy of a shell', () => {
  it('is played without a word while it is whole, and not without one when it was changed', () =>
    story({}, async (at) => {
      const { prompt, dashboard } = await live(at);
      dashboard.enter('echo the answer is $((6*7))');
      await dashboard.until('the answer is 42');
      prompt.press('e');
      await showReceipt(dashboard);
      dashboard.press('Escape');
      await dashboard.until('HD-4711');
      const [copy] = copies(at);
      if (copy === undefined) throw new Error('no copy');
      const honest = await at.runChaperone(['replay', copy.file]);
      expect([honest.code, honest.stderr]).toEqual([0, '']);
      expect(honest.stdout).toContain('the answer is 42');
      const whole = await at.runChaperone(['audit', 'verify']);
      expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining('1 recording is as the log says.')]);

      const machines = join(at.machine.home, copy.path); // what the machine recorded, which the receipt knows
      expect(await at.runChaperone(['replay', machines])).toMatchObject({ code: 0, stderr: '' });
      const other = join(at.machine.root, 'other.cast');
      writeFileSync(other, readFileSync(machines, 'utf8').replaceAll('the answer is 42', 'the answer is 41'));
      const stranger = await at.runChaperone(['replay', other]);
      expect(stranger.stderr).toBe('Neither your log nor a receipt knows this recording: it may have been changed.\n');

      const session = copy.path.split('/')[1] ?? '';
      const bytes = readFileSync(copy.file, 'utf8');
      writeFileSync(copy.file, bytes.replaceAll('the answer is 42', 'the answer is 43'));
      const forged = await at.runChaperone(['replay', session]);
      expect([forged.code, forged.stderr]).toEqual([DOES_NOT_VERIFY, `${CHANGED}\n`]);
      expect(forged.stdout).toContain('the answer is 43');
      const changed = await at.runChaperone(['audit', 'verify']);
      expect(changed.code).toBe(DOES_NOT_VERIFY);
      expect(changed.stdout).toContain(`${copy.path}: the recording was changed`);
      dashboard.press('Tab', 'Enter');
      await dashboard.until('Recording 1 of 1');
      dashboard.press('r');
      await dashboard.until(CHANGED);
      dashboard.press('End');
      await dashboard.until((screen) => screen.includes('the answer is 43') && screen.includes(CHANGED));
      const replay = at.chaperone(['replay', session]);
      await replay.until(CHANGED);
      replay.press('q');
      expect(await replay.exited()).toBe(DOES_NOT_VERIFY);

      rmSync(copy.file);
      const gone = await at.runChaperone(['audit', 'verify']);
      expect([gone.code, gone.stdout]).toEqual([
        0,
        expect.stringContaining(`${copy.path}: the recording is not there`),
      ]);
      writeFileSync(copy.file, bytes);
      cpSync(copy.file, copy.file.replace('shell-1', 'shell-2')); // well-formed, and nobody recorded it
      const added = await at.runChaperone(['replay', session, '--shell', '2']);
      expect([added.code, added.stderr]).toEqual([0, `${UNKNOWN}\n`]);
      const note = await at.runChaperone(['audit', 'verify', '--json']);
      expect(JSON.parse(note.stdout)).toMatchObject({
        recordings: {
          intact: 1,
          changed: [],
          missing: [],
          late: [],
          unvouched: [copy.path.replace('shell-1', 'shell-2')],
        },
      });
    }));

  it('is vouched for when the machine is lost; of a program that was killed only since the next start, which is said', () =>
    story({}, async (at) => {
      const { dashboard } = await live(at);
      await at.machine.kill();
      await dashboard.until('show the receipt');
      dashboard.signal('SIGTERM');
      await dashboard.exited();
      const cut = await at.runChaperone(['audit', 'verify', '--json']);
      expect(JSON.parse(cut.stdout)).toMatchObject({
        verified: true,
        recordings: { intact: 1, late: [], unvouched: [] },
      });

      await at.machine.startAgain();
      const again = await promptOf(at);
      const second = await ask(at);
      await allow(again);
      await second.until(IN_SHELL);
      await answers(second); // the shell is there, and so is its copy
      second.signal('SIGKILL');
      await second.exited();
      const [, killed] = copies(at);
      if (killed === undefined) throw new Error('no copy');
      const unknown = await at.runChaperone(['replay', killed.file]);
      expect([unknown.code, unknown.stderr]).toEqual([0, `${UNKNOWN}\n`]);
      const next = at.chaperone([]);
      await next.until('HD-4711');
      const told = async () => JSON.parse((await at.runChaperone(['audit', 'verify', '--json'])).stdout).recordings;
      await expect.poll(told, { timeout: 20_000 }).toMatchObject({ intact: 2, late: [killed.path], unvouched: [] });
      const found = await at.runChaperone(['replay', killed.file]);
      expect([found.code, found.stderr]).toEqual([0, expect.stringContaining('your log knows it only since')]);
    }));
});
