// Guided mode as the person at the machine sees it, in the real prompt program and line by line.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ALLOW_ARMS_AFTER_MS } from '../../protocol/consent.ts';
import { CHAPERONED } from '../harness/place.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { TmuxWindow } from '../prompt/tmux-window.ts';
import { describeWith } from '../requires.ts';

const ARMED_MS = ALLOW_ARMS_AFTER_MS + 500; // the desk's clock and the window's start a little apart
const propose = { command: 'uname -s', purpose: 'to know which system this is' };

describeWith('tmux', 'a suggested command', () => {
  it('is read and approved in the window of prompt; withdrawing is one key and a number', async () => {
    await using machine = await RealMachine.start({
      scopes: { technician: ['diagnostics', 'shell.suggest', 'shell'] },
    });
    await using window = promptOf(machine, [], { cols: 90, rows: 26 });
    await window.until('One-time code');
    await using technician = await machine.technician({ scopes: 'diagnostics shell.suggest' });
    await window.until((text) => text.includes('SOMEONE ASKS') && !text.includes('Please read first'));
    window.press('Tab', 'Tab', 'Enter');
    await technician.ready;
    const control = await technician.control();
    await control.request('command.propose', propose);
    const screen = await window.until(
      (text) => text.includes('A COMMAND IS SUGGESTED') && !text.includes('read first'),
    );
    for (const words of [
      'Dana Roe',
      'to know which system this is',
      'uname -s',
      'It only looks',
      '[ Run it ]',
      '[ No ]',
    ]) {
      expect(screen).toContain(words);
    }
    window.press('Tab', 'Enter');
    await control.received.until('"method":"command.result"');
    expect(control.heard('command.output')).toMatchObject([{ text: 'Linux\n' }]);
    await window.until('You approved the command');

    window.press('w');
    expect(await window.until('Take back:')).toContain('1 run health checks · 2 suggest commands');
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
  });

  it('is heard and answered line by line, and changed', async () => {
    await using machine = await RealMachine.start();
    await using window = promptOf(machine, ['--plain'], { cols: 100, rows: 200 });
    await window.until('One-time code');
    await using technician = await machine.technician({ scopes: 'shell.suggest' });
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
  });
});

function promptOf(machine: RealMachine, args: readonly string[], size: { cols: number; rows: number }): TmuxWindow {
  return new TmuxWindow([process.execPath, CHAPERONED, 'prompt', ...args], { ...size, env: machine.environment });
}

/** Answers once the question counts: the plain prompt says nothing when that is so. */
async function answer(window: TmuxWindow, words: string, wanted: string): Promise<void> {
  await sleep(ARMED_MS);
  window.type(`${words}\r`);
  await window.until(wanted);
}
