// However the technician leaves, their terminal is as it was, and the session does not live on without them.

import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { allow, answers, ask, IN_SHELL, live, promptOf, showReceipt } from './scenes.ts';
import { story } from './story.ts';
import type { StoryWindow } from './story-window.ts';

const FLAGS = [
  'alternate_on',
  'cursor_flag',
  'wrap_flag',
  'mouse_any_flag',
  'keypad_cursor_flag',
  'keypad_flag',
  'insert_flag',
];

/** All that the terminal and its line discipline are set to. */
function settings(window: StoryWindow): string {
  const line = execFileSync('stty', ['-a', '-F', window.flag('pane_tty')], { encoding: 'utf8' });
  return [line, ...FLAGS.map((flag) => `${flag} ${window.flag(flag)}`)].join('\n');
}

describeWith(['tmux', 'stty'], 'leaving the dashboard', () => {
  it('from the start screen, by q, Ctrl-C or a signal, gives the terminal back', () =>
    story({}, async (at) => {
      const untouched = at.chaperone(['--version']);
      expect(await untouched.exited()).toBe(0);
      const before = settings(untouched);
      const ways: [leave: (window: StoryWindow) => void, status: number][] = [
        [(window) => window.press('q'), 0],
        [(window) => window.press('C-c'), 0],
        [(window) => window.signal('SIGINT'), 130],
        [(window) => window.signal('SIGTERM'), 143],
        [(window) => window.signal('SIGHUP'), 129],
      ];
      for (const [leave, status] of ways) {
        const dashboard = at.chaperone([]);
        await dashboard.until('None yet.');
        expect(settings(dashboard)).not.toBe(before);
        leave(dashboard);
        expect(await dashboard.exited()).toBe(status);
        expect(settings(dashboard)).toBe(before);
      }
    }));

  it('in a session by a signal ends the session, too', () =>
    story({}, async (at) => {
      const { prompt, dashboard } = await live(at);
      dashboard.signal('SIGTERM');
      expect(await dashboard.exited()).toBe(143);
      expect(dashboard.flag('alternate_on')).toBe('0');
      expect(dashboard.flag('cursor_flag')).toBe('1');
      const { fields } = await at.machine.untilRecorded(({ type }) => type === 'session.ended');
      expect(fields.by).toBe('technician');
      await prompt.until('Nobody is connected.');
      await expect.poll(() => at.machine.sessionProcesses(), { timeout: 20_000 }).toEqual([]);
    }));

  it('asks before Ctrl-C ends a session, and leaves it to the shell while one types there', () =>
    story({}, async (at) => {
      const { dashboard } = await live(at);
      dashboard.enter(`sh -c 'echo slee""ping; exec sleep 1000'`);
      await dashboard.until(/^sleeping$/m); // before that the key may reach bash, which then waits for sleep
      dashboard.press('C-c');
      await dashboard.until('^C');
      await answers(dashboard);
      dashboard.press('C-]');
      await dashboard.until('type in the shell');
      dashboard.press('C-c');
      await dashboard.until('End the session?');
      dashboard.press('n');
      await dashboard.untilGone('End the session?');
      dashboard.press('C-c');
      await dashboard.until('End the session?');
      await dashboard.until('y  end it');
      dashboard.press('y');
      await showReceipt(dashboard);
      dashboard.press('q');
      await dashboard.until('Sessions (1)');
      dashboard.press('C-c');
      expect(await dashboard.exited()).toBe(0);
      expect(dashboard.flag('alternate_on')).toBe('0');
    }));

  it('after the person has ended the session says so where it stood, and to scripts', () =>
    story({}, async (at) => {
      const { prompt, dashboard } = await live(at);
      prompt.press('e');
      await showReceipt(dashboard);
      dashboard.press('q');
      await dashboard.until('Sessions (1)');
      dashboard.press('q');
      expect(await dashboard.exited()).toBe(6);
      expect(dashboard.flag('alternate_on')).toBe('0');
      expect(dashboard.text()).toContain('the person at the machine ended the session');
      expect(dashboard.text()).toContain('the receipt is signed by the machine: chaperone receipt ');
    }));

  it('while the person reads withdraws the question', () =>
    story({}, async (at) => {
      const prompt = await promptOf(at);
      const dashboard = await ask(at);
      await prompt.until('SOMEONE ASKS TO HELP');
      await dashboard.until('Waiting for the person');
      dashboard.press('Escape');
      await prompt.until('Dana Roe does not ask any more.');
      await dashboard.until('You have withdrawn the request.');

      const again = await ask(at);
      await prompt.until('SOMEONE ASKS TO HELP');
      await again.until('Waiting for the person');
      again.signal('SIGTERM');
      expect(await again.exited()).toBe(143);
      await prompt.until('Dana Roe does not ask any more.');
      const third = await ask(at);
      await allow(prompt);
      await third.until(IN_SHELL);
    }));
});
