// Promise 7, as far as this version goes: the daemon's keys, log and socket are not there in the session's shell.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
