// A computer without bash, from which everything of a session is started: status and doctor say so, and what to do. Root
// can make one for a single process, in a mount namespace where the file is covered.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { expect, it } from 'vitest';
import { CHAPERONED } from '../harness/place.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { runProgram } from '../harness/run-program.ts';
import { describeWith } from '../requires.ts';

const ROOT = process.getuid?.() === 0;
const COVER = 'mount --bind "$1" /bin/bash; shift; exec "$@"';
const WORDS = '/bin/bash is not there or cannot be run';
const TODO = 'install bash so that /bin/bash is there';

describeWith('unshare', 'a computer without bash', () => {
  it.runIf(ROOT)('is told so by status and doctor, with what to do', async () => {
    const place = mkdtempSync(join(tmpdir(), 'chaperone-no-bash-'));
    using _place = { [Symbol.dispose]: () => rmSync(place, { recursive: true }) };
    const nothing = join(place, 'nothing');
    writeFileSync(nothing, '');
    const launcher = ['unshare', '--mount', 'sh', '-c', COVER, 'sh', nothing];
    await using machine = await RealMachine.start({ launcher });
    const { stdout } = await machine.chaperoned('status');
    expect(stdout).toMatch(new RegExp(`^PLEASE NOTE: +${WORDS}.*${TODO}`, 'm'));

    const where = { environment: machine.environment, cwd: machine.root };
    const doctor = await runProgram([...launcher, execPath, CHAPERONED, 'doctor'], where);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(new RegExp(`^BROKEN +bash +${WORDS}.*\\n +${TODO}`, 'm'));
  });

  it('is not what this is', async () => {
    await using machine = await RealMachine.start();
    expect((await machine.chaperoned('status')).stdout).not.toContain('bash');
    expect((await machine.chaperoned('doctor')).stdout).toMatch(/^ok +bash +/m);
  });
});
