// Promise 1: nothing runs before the person accepts. There is no unattended code path to switch on.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventType } from '../../protocol/audit/catalogue.ts';
import { ALLOW_ARMS_AFTER_MS } from '../../protocol/consent.ts';
import { RealMachine } from '../harness/real-machine.ts';

const CLOCKS_MS = 200; // what the prompt's clock may start before the daemon's (daemon/consent/desk.ts)

describe('promise 1: nothing runs before the person accepts', () => {
  it('waits for a word that was typed at the real prompt, and no earlier than it could be read', async () => {
    await using machine = await RealMachine.start();
    const prompt = await machine.chaperonedOnTerminal(['prompt', '--plain']);
    await prompt.until('One-time code');
    const technician = await machine.technician();
    let ready = false;
    void technician.ready.then(() => {
      ready = true;
    });
    await prompt.until('Type allow and press Enter');
    expect(machine.sessionProcesses()).toEqual([]);
    expect(ready).toBe(false);
    expect((await machine.record()).map(({ type }) => type)).not.toContain('consent.granted');

    // From the first moment on, again and again, until the moment from which it counts.
    for (let seen = prompt.output.end; !ready; seen = prompt.output.end) {
      prompt.enter('allow');
      await Promise.race([technician.ready, prompt.until(/does not count/, { from: seen })]);
    }
    const shell = await technician.shell();
    shell.enter('echo $((6*7))');
    await shell.until('42');
    const events = await machine.record();
    const types = events.map(({ type }) => type);
    const timeOf = (type: string) => Date.parse(events[types.indexOf(type as EventType)]?.time ?? '');
    const read = timeOf('consent.granted') - timeOf('consent.displayed');
    expect(read).toBeGreaterThan(ALLOW_ARMS_AFTER_MS - CLOCKS_MS);
    expect(types.indexOf('consent.granted')).toBeGreaterThan(types.indexOf('consent.displayed'));
    expect(types.indexOf('shell.opened')).toBeGreaterThan(types.indexOf('consent.granted'));
    await machine.end();
  });

  it('takes a prompt that dies, or that nobody has opened, for a no', async () => {
    await using machine = await RealMachine.start();
    await using unasked = await machine.technician();
    await expect(unasked.ready).rejects.toThrow('no prompt is open');
    const prompt = await machine.chaperonedOnTerminal(['prompt', '--plain']);
    await prompt.until('One-time code');
    await using asked = await machine.technician();
    await prompt.until('Type allow and press Enter');
    await prompt[Symbol.asyncDispose]();
    await expect(asked.ready).rejects.toThrow('no session');
    expect((await machine.record()).map(({ type }) => type)).not.toContain('consent.granted');
  });

  it('has no switch for it in the policy', async () => {
    await using machine = await RealMachine.start();
    await machine.stop();
    const policy = readFileSync(machine.policyFile, 'utf8');
    for (const line of ['autoAccept: true', 'unattended: true', 'timeout: 0s', 'allow: always', 'onTimeout: allow']) {
      writeFileSync(machine.policyFile, policy.replace(/^consent:.*$/m, `consent: { ${line} }`));
      const checked = await machine.chaperoned('policy', 'check', machine.policyFile);
      expect([line, checked.code]).toEqual([line, 2]);
    }
    await expect(machine.startAgain()).rejects.toThrow('chaperoned ended with 2');
  });

  it('ships no prompter that answers by itself', () => {
    const folder = join(import.meta.dirname, '../../daemon/consent');
    const scripted = readdirSync(folder).filter((name) => name.includes('scripted') && !name.includes('.test.'));
    for (const name of scripted) {
      expect(readFileSync(join(folder, name), 'utf8')).toMatch(/process\.env\.VITEST/);
    }
  });
});
