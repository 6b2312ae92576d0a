// Promise 6: the indicator tells the truth. Here in a terminal, where `prompt` and `watch` are it;
// test/e2e/desktop.test.ts has the desktop, where each session has a window of its own.

import { describe, expect, it } from 'vitest';
import { RealMachine } from '../harness/real-machine.ts';

describe('promise 6: the indicator tells the truth', () => {
  it('shows who is connected, and a session ends with the last window that shows it', async () => {
    await using machine = await RealMachine.start();
    const prompt = await machine.chaperonedOnTerminal(['prompt', '--plain']);
    await prompt.until('One-time code');
    await using technician = await machine.technician();
    await prompt.until('Type allow and press Enter');
    let ready = false;
    void technician.ready.then(() => {
      ready = true;
    });
    for (let seen = prompt.output.end; !ready; seen = prompt.output.end) {
      prompt.enter('allow');
      await Promise.race([technician.ready, prompt.until(/does not count/, { from: seen })]);
    }
    await prompt.until('is connected since');
    const shell = await technician.shell();
    shell.enter('echo $((6*7))');
    await shell.until('42');
    await prompt[Symbol.asyncDispose]();
    expect((await shell.closed).code).toBe(6);
    expect(shell.notices.text).toContain('the window that showed the session');
    await technician.closed;
    expect((await machine.status()).sessions).toEqual([]);
    expect(machine.sessionProcesses()).toEqual([]);
  });
});
