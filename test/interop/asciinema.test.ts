// What the machine recorded plays in Debian's asciinema, straight from the session's directory.

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RealMachine } from '../harness/real-machine.ts';
import { Terminal } from '../harness/terminal.ts';
import { describeWith } from '../requires.ts';

describeWith('asciinema', "the machine's recording", () => {
  it('shows in asciinema what the technician saw', async () => {
    await using machine = await RealMachine.start();
    const technician = await machine.session();
    const shell = await technician.shell({ cols: 90, rows: 20 });
    shell.enter("printf 'colours \\033[1;32mgreen\\033[0m and 漢字\\n'");
    await shell.until(/green[\s\S]*漢字[\s\S]*\$|green[\s\S]*漢字[\s\S]*#/);
    shell.resize(100, 25);
    shell.enter('echo "[$(stty size)]"');
    await shell.until('[25 100]');
    await machine.end();
    const { session } = await machine.untilRecorded(({ type }) => type === 'receipt.issued');
    const file = join(machine.home, 'sessions', session ?? '', 'shell-1.cast');

    const environment = { ...machine.technicianEnvironment(), TERM: 'xterm-256color' };
    await using cat = await Terminal.run(['asciinema', 'cat', file], { environment }); // it wants a terminal, too
    expect((await cat.exited).code).toBe(0);
    expect(cat.text).toContain('\x1b[1;32mgreen\x1b[0m and 漢字');
    expect(cat.text).toContain('[25 100]');

    await using play = await Terminal.run(['asciinema', 'play', '-i', '0.01', '-s', '1000', file], { environment });
    await play.until('[25 100]');
    expect((await play.exited).code).toBe(0);
  });
});
