// Promise 9: ending is immediate and final, also while output pours.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { machineCast, outputOf, technicianCast } from './casts.ts';
import { live, showReceipt } from './scenes.ts';
import { story } from './story.ts';

/** What the shell shows at the left of the notice. */
function shellRows(screen: string): string[] {
  return screen
    .split('\n')
    .slice(3, 23) // between banner and key bar
    .map((row) => row.slice(0, 10).trimEnd());
}

describeWith('tmux', 'ending under load', () => {
  it('cuts the technician off at once: no byte after it, no process left', () =>
    story({}, async (at) => {
      const { machine } = at;
      const { prompt, dashboard } = await live(at);
      dashboard.enter('yes in the background & yes');
      await dashboard.until(/^y$/m);
      expect(machine.sessionProcesses().length).toBeGreaterThan(2);
      prompt.press('e');
      const words = 'the person at the machine ended the session';
      await dashboard.until(['The session is over', words, '■ ENDED front-desk-2']);
      const first = shellRows(await dashboard.until('Enter  show the receipt'));
      const { session } = await machine.untilRecorded(({ type }) => type === 'receipt.issued');
      expect(machine.sessionProcesses()).toEqual([]);
      await prompt.until('Nobody is connected.');
      const shown = shellRows(await dashboard.until('Enter  show the receipt'));
      expect(shown).toEqual(first);

      // What reached the technician had been recorded before, to the last byte.
      const receipt = await showReceipt(dashboard);
      expect(receipt).toContain(words);
      const reached = outputOf(technicianCast(at, session ?? ''));
      const recorded = outputOf(machineCast(at, session ?? ''));
      expect(reached.length).toBeGreaterThan(1000);
      expect(recorded.startsWith(reached)).toBe(true);
    }));
});
