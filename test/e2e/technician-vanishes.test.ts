// The technician's side is gone from one moment to the next: a crash, a closed lid, a pulled cable.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { ask, live, promptOf } from './scenes.ts';
import { story } from './story.ts';

describeWith('tmux', 'the technician vanishes', () => {
  it('ends the session: the person is told, and nothing runs on', () =>
    story({}, async (at) => {
      const { machine } = at;
      const { prompt, dashboard } = await live(at);
      const watch = at.chaperoned(['watch']);
      await watch.until('WATCHING Dana Roe');
      dashboard.enter('sleep 1000 & (setsid sleep 1000 &) ; cat');
      await machine.untilRecorded(({ type }) => type === 'shell.opened');
      await watch.until('setsid sleep');
      dashboard.signal('SIGKILL');
      const receipt = await watch.until('Signed by this computer.');
      expect(receipt).toMatch(/How it ended: (the connection was lost|the technician (left|ended it))/);
      expect(receipt).toContain('Nothing that they started is still running.');
      await prompt.until('Nobody is connected.');
      expect(machine.sessionProcesses()).toEqual([]);
      const { fields } = await machine.untilRecorded(({ type }) => type === 'session.ended');
      expect(['connection', 'technician']).toContain(fields.by);
      expect(await machine.chaperoned('audit', 'verify')).toMatchObject({ code: 0 });
    }));

  it('takes the question off the screen when it happens before the answer', () =>
    story({}, async (at) => {
      const prompt = await promptOf(at);
      const dashboard = await ask(at);
      await prompt.until('SOMEONE ASKS TO HELP');
      dashboard.signal('SIGKILL');
      await prompt.until('Dana Roe does not ask any more.');
      await at.machine.untilRecorded(({ type }) => type === 'consent.withdrawn');
      expect((await at.machine.record()).map(({ type }) => type)).not.toContain('session.started');
    }));
});
