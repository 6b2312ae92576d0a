// Nobody answers: no answer is a no.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { ask, promptOf } from './scenes.ts';
import { story } from './story.ts';

describeWith('tmux', 'expiry', () => {
  it('lets nobody in, and says so on both sides', () =>
    story({ timeout: '10s' }, async (at) => {
      const prompt = await promptOf(at);
      const dashboard = await ask(at);
      await prompt.until('Nobody answered in time: Dana Roe was not let in.');
      await dashboard.until('Nobody at front-desk-2 answered in time');
      // The clock ran on both sides: looked for in all that they have shown, not at one moment of these ten seconds.
      const shown = (await prompt.bytes('SOMEONE ASKS TO HELP')).toString();
      expect(shown).toMatch(/0:0[1-5] left to answer/);
      expect((await dashboard.bytes('answered in time')).toString()).toMatch(/0:\d\d.* left; no answer counts as no/);
      await at.machine.untilRecorded(({ type }) => type === 'consent.expired');
      const types = (await at.machine.record()).map(({ type }) => type);
      expect(types).not.toContain('session.started');
      expect(at.machine.sessionProcesses()).toEqual([]);
    }));

  it('is a denial with its reason when there is no window in which to ask', () =>
    story({}, async (at) => {
      const dashboard = await ask(at);
      await dashboard.until(['The session was denied', /no one could be asked/]);
      expect((await at.machine.record()).map(({ type }) => type)).not.toContain('session.started');
    }));
});
