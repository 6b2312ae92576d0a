// Without the code that the person reads out, nobody can bother them.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { ask, promptOf } from './scenes.ts';
import { story } from './story.ts';

/** A code as it could be, and is not. */
function wrongCode(right: string): string {
  return right.replace(/^\d+/, (number) => String(number === '99' ? 10 : Number(number) + 1));
}

describeWith('tmux', 'wrong codes', () => {
  it('three of them make a new code, and no question ever appears', () =>
    story({}, async (at) => {
      const prompt = await promptOf(at);
      const before = await at.machine.code();
      const dashboard = await ask(at, { code: wrongCode(before), cols: 120 });
      for (const left of [2, 1]) {
        await dashboard.until(new RegExp(`${left} left, then the machine makes a new code`));
        dashboard.enter(wrongCode(before));
      }
      const told = await dashboard.until('The machine has made a new one');
      expect(told).toContain('HD-4711'); // the form is kept for the next try
      const after = await at.machine.code();
      expect(after).not.toBe(before);
      const screen = await prompt.until(after);
      expect(screen).not.toContain(before);
      expect(screen).not.toContain('SOMEONE ASKS');
      await at.machine.untilRecorded(({ type, fields }) => type === 'code.wrong' && fields.attemptsLeft === 0);
      const events = await at.machine.record();
      expect(events.filter(({ type }) => type === 'code.wrong').map(({ fields }) => fields.attemptsLeft)).toEqual([
        2, 1, 0,
      ]);
      expect(events.filter(({ type }) => type.startsWith('consent.'))).toEqual([]);

      // The old code is as good as none; the new one leads to the question.
      const second = await ask(at, { code: before, cols: 120 });
      await second.until('2 left, then the machine makes a new code');
      second.enter(after.toUpperCase().replaceAll('-', ' '));
      await prompt.until('SOMEONE ASKS TO HELP');
      await second.until('Waiting for the person at front-desk-2');
    }));
});
