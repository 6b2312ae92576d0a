// A technician whose only key is the RSA key in ~/.ssh, as ssh-keygen made it: `chaperone` finds it, unlocks it, and signs
// with SHA-2.

import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { expect, it } from 'vitest';
import { CHAPERONE } from '../harness/place.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { Terminal } from '../harness/terminal.ts';
import { describeWith } from '../requires.ts';

describeWith('ssh-keygen', 'an RSA key in ~/.ssh', () => {
  it('that is locked opens a session once its passphrase was typed', async () => {
    await using machine = await RealMachine.start({ technicians: [{ name: 'Dana Roe', keyType: 'rsa' }] });
    const person = await machine.person();
    const environment = machine.technicianEnvironment();
    const file = join(environment.HOME ?? '', '.ssh', 'id_rsa');
    mkdirSync(join(file, '..'), { mode: 0o700 });
    renameSync(machine.key().file, file);
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'four words of mine', '-f', file], { stdio: 'ignore' });

    const wish = ['--accept-new', '--reason', 'r', '--ticket', 'T-1', '--code', await machine.code()];
    const argv = [execPath, CHAPERONE, 'connect', '--plain', machine.address, '--scope', 'diagnostics', ...wish];
    await using terminal = await Terminal.run(argv, { environment, cwd: machine.root, cols: 200 });
    await terminal.until(`Passphrase of ${file}: `);
    terminal.enter('four words of mine');
    const asked = await person.asked();
    expect(asked.question.technician.name).toBe('Dana Roe');
    asked.deny();
    expect((await terminal.exited).code).toBe(3);
  });
});
