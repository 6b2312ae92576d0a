// The person says no.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { ask, promptOf, READING, wishArguments } from './scenes.ts';
import { story } from './story.ts';

describeWith('tmux', 'denial', () => {
  it('says so to the technician at once, keeps the form for another try, and runs nothing', () =>
    story({}, async (at) => {
      const prompt = await promptOf(at);
      const dashboard = await ask(at, {
        reason: 'let me have a look',
        scopes: ['diagnostics', 'shell', 'shell.admin'],
      });
      const leftOut = 'The person is not asked for: type commands as administrator (';
      await dashboard.until(['Waiting for the person at front-desk-2', leftOut]);
      await prompt.until(['SOMEONE ASKS TO HELP', 'Reason: let me have a look']);
      prompt.press('Escape'); // no is heard at once, also while the choices do not work yet
      await prompt.until('You said no to Dana Roe (technician, Clinic IT). Nobody was let in.');
      await dashboard.until(['The person at front-desk-2 did not allow this session', 'let me have a look', 'HD-4711']);
      const { reason } = (await at.machine.untilRecorded(({ type }) => type === 'consent.denied')).fields;
      expect(reason).not.toBe('');
      const types = (await at.machine.record()).map(({ type }) => type);
      expect(types).not.toContain('session.started');
      expect(types).not.toContain('shell.opened');
      expect(at.machine.sessionProcesses()).toEqual([]);
      dashboard.press('Escape');
      await dashboard.until('Machines (1)');
      dashboard.press('q');
      expect(await dashboard.exited()).toBe(3);
    }));

  it('is exit code 3 with words for scripts', () =>
    story({}, async (at) => {
      const prompt = await promptOf(at);
      const run = at.runChaperone(['run', ...(await wishArguments(at)), 'memory']);
      await prompt.until((screen) => screen.includes('SOMEONE ASKS TO HELP') && !screen.includes(READING));
      prompt.press('q');
      const { code, stdout, stderr } = await run;
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain('the person at front-desk-2 did not allow this session');
    }));

  it('is also what closing the question means', () =>
    story({}, async (at) => {
      const prompt = await promptOf(at);
      const dashboard = await ask(at);
      await prompt.until('SOMEONE ASKS TO HELP');
      prompt.signal('SIGHUP');
      await dashboard.until('did not allow this session');
      const { fields } = await at.machine.untilRecorded(({ type }) => type === 'consent.denied');
      expect(fields.reason).toContain('closed');
    }));
});
