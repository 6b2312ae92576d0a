// Promise 6: a session is never there without a window that shows it to the person.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { live } from './scenes.ts';
import { story } from './story.ts';

const GONE = 'the window that showed the session to the person was closed';

describeWith('tmux', 'closing the last window that shows the session', () => {
  it('ends it when the terminal goes away', () =>
    story({}, async (at) => {
      const { prompt, dashboard } = await live(at);
      dashboard.enter('sleep 1000');
      prompt[Symbol.dispose]();
      await dashboard.until((screen) => screen.replace(/[\s│]+/g, ' ').includes(GONE));
      await dashboard.until('The session is over');
      await at.machine.untilRecorded(({ type }) => type === 'receipt.issued');
      expect(at.machine.sessionProcesses()).toEqual([]);
    }));

  it('ends it when the person closes it, after having been told so', () =>
    story({}, async (at) => {
      const { prompt, dashboard } = await live(at);
      await prompt.until('● Dana Roe (technician, Clinic IT) is connected');
      prompt.press('q');
      const asked = await prompt.until('Someone is still connected');
      expect(asked.replace(/\s+/g, ' ')).toContain('if it is the only one, that ends it too');
      prompt.press('q');
      expect(await prompt.exited()).toBe(0);
      expect(prompt.text()).toContain('Nobody is connected.');
      await dashboard.until('The session is over');
      expect(at.machine.sessionProcesses()).toEqual([]);
    }));

  it('does not end it while another window shows it', () =>
    story({}, async (at) => {
      const { prompt, dashboard } = await live(at);
      const watch = at.chaperoned(['watch']);
      await watch.until('WATCHING Dana Roe');
      prompt[Symbol.dispose]();
      // Its program leaves when it finds that the terminal is gone: until then, another window shows the session.
      const prompters = async () => (await at.machine.status()).prompters;
      await expect.poll(prompters, { timeout: 20_000 }).toEqual([]);
      dashboard.enter('echo "still $((40 + 2))"');
      await watch.until(/^still 42$/m);
      watch.press('q');
      await watch.until('This is the only window that shows the session.');
      dashboard.enter('echo "and $((40 + 3))"');
      await watch.until(/^and 43$/m);
      watch.press('q');
      expect(await watch.exited()).toBe(0);
      expect(watch.text()).toContain('Nobody is connected.');
      await dashboard.until('The session is over');
    }));
});
