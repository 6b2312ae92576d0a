import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../test/requires.ts';
import { FIGURES } from './figures.ts';
import { MeasuredShell } from './measured-shell.ts';
import { startOpenSsh } from './openssh.ts';
import { memoryOf, processTree } from './process-tree.ts';
import { startSshd } from './sshd.ts';

/** Where devpts names no group, sshd hands a pty over to root only, and ends the connection of others. */
const handsOutPtys = process.getuid?.() === 0 || / devpts \S*\bgid=/.test(readFileSync('/proc/mounts', 'utf8'));

const ONCE = { rounds: 1, keystrokes: 10, openings: 1, sessions: 2 };

describeWith(['sshd', 'ssh', 'ssh-keygen'], 'a throw-away sshd', () => {
  it('lets in real ssh with its own key, and leaves nothing behind', async () => {
    const sshd = await startSshd();
    const home = execFileSync('ssh', [...sshd.sshArguments, 'printf %s "$HOME"'], { encoding: 'utf8' });
    expect(existsSync(home)).toBe(true);
    const session = execFileSync('ssh', [...sshd.sshArguments, 'sleep 600 >/dev/null 2>&1 </dev/null & echo $!']);
    const stray = Number(session.toString());
    process.kill(stray, 0);
    await sshd[Symbol.asyncDispose]();
    expect(existsSync(dirname(home))).toBe(false);
    expect(processTree(sshd.pid)).toEqual([]);
    process.kill(stray); // it left the server's tree, so it is ours to end
  });

  it.runIf(handsOutPtys)('is measured by every figure', async () => {
    await using target = await startOpenSsh();
    for (const figure of [FIGURES.echo, FIGURES.opening, FIGURES.cold, FIGURES.memory]) {
      const rows = await figure([target], ONCE);
      // What only Chaperone has, such as a prompt to a person, has no figure here.
      const measured = rows.flatMap(({ values }) => values.filter((value) => value !== undefined));
      expect(measured.length).toBeGreaterThan(0);
      for (const value of measured) expect(value).toBeGreaterThan(0);
    }
    await expect.poll(() => target.serverProcesses().length, { timeout: 20_000 }).toBe(1); // the last session is being cleared away
  });

  it.runIf(handsOutPtys)('is seen with its sessions, but without what runs in them', async () => {
    await using target = await startOpenSsh();
    const [listener = 0] = target.serverProcesses();
    const idle = memoryOf([listener]);
    expect(idle.residentMiB).toBeGreaterThanOrEqual(idle.proportionalMiB);
    await using connection = await target.connect();
    expect(connection.waitedForPersonMs).toBe(0);
    const shell = await MeasuredShell.open(connection.client);
    await shell.becomePlain();
    const [sh] = processTree(listener).filter(({ name }) => name === 'sh');
    expect(target.serverProcesses().length).toBeGreaterThan(1);
    expect(target.serverProcesses()).not.toContain(sh?.pid ?? listener);
  });
});
