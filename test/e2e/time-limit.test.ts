// A session lasts no longer than was agreed, whatever happens in it.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { live } from './scenes.ts';
import { story } from './story.ts';

const LIMIT_AND_PATIENCE_MS = 100_000; // a minute is the shortest that a policy may agree on

describeWith('tmux', 'the time limit', () => {
  it('ends the session, said to both from the start and at the end', () =>
    story({ maxSession: '1m' }, async (at) => {
      const { prompt, dashboard } = await live(at);
      expect(dashboard.text()).toMatch(/! [01]:\d\d left/);
      dashboard.enter('sleep 1000');
      await dashboard.until(['The session is over', 'the agreed time is over'], LIMIT_AND_PATIENCE_MS);
      await prompt.until('Nobody is connected.');
      const { fields } = await at.machine.untilRecorded(({ type }) => type === 'session.ended');
      expect(fields.by).toBe('time limit');
      expect(at.machine.sessionProcesses()).toEqual([]);
    }));
});
