// Guided mode as the person at the machine sees it, in the real prompt program and line by line.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { allow, choose, promptOf } from './scenes.ts';
import { story } from './story.ts';
import type { StoryWindow } from './story-window.ts';

const propose = { command: 'uname -s', purpose: 'to know which system this is' };

describeWith('tmux', 'a suggested command', () => {
  it('is read and approved in the window of prompt; withdrawing is one key and a number', () =>
    story({ scopes: { technician: ['diagnostics', 'shell.suggest', 'shell'] } }, async (at) => {
      const { machine } = at;
      const window = await promptOf(at, { cols: 90, rows: 26 });
      const technician = await machine.technician({ scopes: 'diagnostics shell.suggest' });
      await allow(window);
      await technician.ready;
      const control = await technician.control();
      await control.request('command.propose', propose);
      await window.until([
        'A COMMAND IS SUGGESTED',
        'Dana Roe',
        'to know which system this is',
        'uname -s',
        'It only looks',
        '[ Run it ]',
        '[ No ]',
      ]);
      await choose(window, 'Run it');
      await control.received.until('"method":"command.result"');
      expect(control.heard('command.output')).toMatchObject([{ text: 'Linux\n' }]);
      await window.until('You approved the command');

      window.press('w');
      await window.until(['Take back:', '1 run health checks · 2 suggest commands']);
      window.press('2');
      await window.until('can no longer suggest commands');
      await control.received.until('"method":"grant.changed"');
      window.press('a');
      await window.until('Allow: 2 suggest commands · 4 type commands');
      window.press('4');
      await window.until('Enter allows it');
      window.press('Enter');
      await window.until('can now also type commands');
      expect((await machine.status()).sessions[0]?.scopes).toEqual(['diagnostics', 'shell']);
    }));

  it('is heard and answered line by line, and changed', () =>
    story({}, async (at) => {
      const window = at.chaperoned(['prompt', '--plain'], { cols: 100, rows: 600 });
      await window.until('One-time code');
      const technician = await at.machine.technician({ scopes: 'shell.suggest' });
      await window.until('No answer means no.');
      await answer(window, 'allow', 'You allowed');
      await technician.ready;
      const control = await technician.control();
      await control.request('command.propose', propose);
      await window.until('The command: uname -s');
      await answer(window, 'change uname -o', 'The command: uname -o');
      await answer(window, 'run', 'You approved the command');
      await control.received.until('"method":"command.result"');
      expect(control.heard('command.output')).toMatchObject([{ text: 'GNU/Linux\n' }]);
    }));
});

/** Answers until it counts: the plain prompt says so when it was too early, and nothing when it would not be any more. */
async function answer(window: StoryWindow, words: string, wanted: string): Promise<void> {
  for (;;) {
    const before = tooEarly(window.text());
    window.enter(words);
    const screen = await window.until((text) => text.includes(wanted) || tooEarly(text) > before);
    if (screen.includes(wanted)) return;
  }
}

const tooEarly = (screen: string): number => screen.split('does not count.').length;
