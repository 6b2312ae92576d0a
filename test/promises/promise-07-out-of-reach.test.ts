// Promise 7, as far as this version goes: the daemon's keys, log and socket are not there in the session's shell.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RealMachine } from '../harness/real-machine.ts';
import { describeWith } from '../requires.ts';

describeWith('bwrap', 'promise 7: the daemon and its keys are out of reach of the shell', () => {
  it('hides keys, log, body keys and socket, the daemon itself, and its environment', async (context) => {
    await using machine = await RealMachine.start();
    await using technician = await machine.session();
    const started = await machine.untilRecorded(({ type }) => type === 'session.started');
    if (started.fields.containment !== 'namespace') return context.skip('NOT TESTED: bubblewrap does not work here');
    const shell = await technician.shell({ cols: 200, rows: 50 });
    const secret = readFileSync(join(machine.home, 'identity', 'ssh_host_ed25519_key'), 'utf8').split('\n')[1] ?? '';
    shell.enter(
      `find ${machine.home} | wc -l; cat ${machine.home}/identity/* ${machine.home}/body-keys/*; echo "fir""st"`,
    );
    await shell.until(/^first/m);
    shell.enter(
      `ls -la ${machine.home}/run; kill -0 ${machine.pid} && echo rea""ched; env | grep CHAPERONE; echo "seco""nd"`,
    );
    await shell.until(/^second/m);
    shell.enter(
      `grep -al ${secret.slice(0, 30)} /proc/[0-9]*/environ /proc/[0-9]*/maps 2>/dev/null; ls -l /proc/*/fd 2>/dev/null | grep -c audit; echo "thi""rd"`,
    );
    await shell.until(/^third/m);
    expect(shell.text).toMatch(/^1\r?$/m); // the empty directory that stands in its place
    expect(shell.text).not.toMatch(/^reached|BEGIN OPENSSH|daemon\.sock\r?$|CHAPERONE_HOME/m);
    await machine.end();
  });
});

describe('promise 7: sessions are out of reach of each other', () => {
  it('gives a suggested command no descriptor of the daemon, such as the terminal of another session', async () => {
    await using machine = await RealMachine.start({
      technicians: [
        { name: 'Ann', role: 'lead' },
        { name: 'Bea', role: 'technician' },
      ],
      scopes: { lead: ['shell'], technician: ['shell.suggest'] },
    });
    const person = await machine.person();
    await using ann = await machine.session({ name: 'Ann', scopes: 'shell' });
    const shell = await ann.shell();
    shell.enter('echo ready$((1+1))');
    await shell.until('ready2');
    await using bea = await machine.session({ name: 'Bea', scopes: 'shell.suggest' });
    const control = await bea.control();
    const proposed = control.request('command.propose', { command: 'ls -l /proc/self/fd', purpose: 'to see' });
    const asked = await person.suggested();
    await proposed;
    await asked.approve();
    await control.received.until('"method":"command.result"');
    const said = control.heard('command.output').map((params) => String(Reflect.get(Object(params), 'text')));
    const open = said.join('').matchAll(/ (\d+) -> (.*)$/gm);
    const names = Array.from(open, ([, number, file]) => `${number} ${file?.replace(/\d+/g, 'N')}`);
    // The last one is the directory that ls itself reads.
    expect(names).toEqual(['0 /dev/null', '1 socket:[N]', '2 socket:[N]', '3 /proc/N/fd']);
    await machine.end();
  });
});
