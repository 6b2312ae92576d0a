// The person holds the session: nothing moves until they let it go on, and then nothing is missing.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { machineCast, outputOf, technicianCast } from './casts.ts';
import { IN_SHELL, live, showReceipt } from './scenes.ts';
import { story } from './story.ts';

const SHOWN = 'tick [0-9]+'; // a line that the shell says ten times a second

/** The shell's lines on the screen; the last one may be cut by a notice. */
function ticks(screen: string): string[] {
  return screen.match(new RegExp(SHOWN, 'g')) ?? [];
}

describeWith('tmux', 'pausing', () => {
  it('freezes output and input, says why, and loses nothing', () =>
    story({}, async (at) => {
      const { prompt, dashboard } = await live(at);
      dashboard.enter('clear; i=0; while i=$((i+1)); do echo "tick $i"; sleep 0.1; done');
      await dashboard.until(/^tick 5$/m);
      prompt.press('p');
      await prompt.until('Dana Roe (technician, Clinic IT) is PAUSED');
      const why = 'the person at the machine paused the session';
      const paused = await dashboard.until(['The session is paused', '‖ PAUSED front-desk-2', why]);

      // Time passes on the screen, and nothing else moves. What is typed now goes nowhere.
      dashboard.type('typed during the pause');
      const held = ticks(dashboard.text());
      const clock = timeLeft(paused);
      await dashboard.until((screen) => clock - timeLeft(screen) >= 2);
      expect(ticks(dashboard.text())).toEqual(held);

      prompt.press('r');
      await dashboard.untilGone('The session is paused');
      await dashboard.until(IN_SHELL);
      const last = Number(held.at(-1)?.slice(5));
      await dashboard.until((screen) => ticks(screen).some((tick) => Number(tick.slice(5)) > last + 5));
      dashboard.press('C-c');
      await dashboard.until(/\^C/);
      prompt.press('e');
      await showReceipt(dashboard); // with it, the technician's copy is whole
      const { session } = await at.machine.untilRecorded(({ type }) => type === 'receipt.issued');
      for (const cast of [machineCast(at, session ?? ''), technicianCast(at, session ?? '')]) {
        const output = outputOf(cast);
        expect(output).not.toContain('typed during the pause');
        const numbers = [...output.matchAll(/tick ([0-9]+)\r$/gm)].map(([, number]) => Number(number));
        expect(numbers.length).toBeGreaterThan(last);
        expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      }
      const { fields } = await at.machine.untilRecorded(({ type }) => type === 'session.resumed');
      expect(fields.by).toBe('local user');
    }));

  it('can be done by command, and ends as well as a running session', () =>
    story({}, async (at) => {
      const { dashboard } = await live(at);
      expect(await at.machine.chaperoned('pause')).toMatchObject({ code: 0 });
      await dashboard.until('The session is paused');
      const { stdout } = await at.machine.chaperoned('status');
      expect(stdout).toContain('PAUSED');
      expect(await at.machine.chaperoned('end')).toMatchObject({ code: 0 });
      await dashboard.until('The session is over');
      expect(at.machine.sessionProcesses()).toEqual([]);
    }));
});

/** Seconds in the banner. */
function timeLeft(screen: string): number {
  const [, hours, minutes, seconds] = /(\d+):(\d\d):(\d\d) left/.exec(screen) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
}
