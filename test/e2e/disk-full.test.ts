// Promise 4: no recorder, no session. Here the disk on which the machine keeps everything is full.

import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { ask, live } from './scenes.ts';
import { story } from './story.ts';

const DISK = '4m';
const PIECE = Buffer.alloc(4096); // a block: what is left when this does not fit is less than anything needs

/** A small disk of its own, or null where this user may not mount one. */
function smallDisk():
  | ({ readonly path: string; readonly fill: () => void; readonly free: () => void } & Disposable)
  | null {
  const path = mkdtempSync(join(tmpdir(), 'chaperone-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=0700`, 'chaperone-test', path], { stdio: 'pipe' });
  } catch {
    rmdirSync(path);
    return null;
  }
  const filler = join(path, 'filler');
  return {
    path,
    fill: () => {
      const file = openSync(filler, 'w');
      try {
        for (;;) writeSync(file, PIECE);
      } catch {
        closeSync(file); // no space left on device
      }
    },
    free: () => rmSync(filler),
    [Symbol.dispose]: () => {
      execFileSync('umount', [path]);
      rmdirSync(path);
    },
  };
}

describeWith(['tmux', 'mount'], 'a full disk', () => {
  it('pauses the session, then ends it, with words for both, and lets nobody in until there is room', async (context) => {
    using disk = smallDisk();
    if (disk === null) return context.skip('NOT TESTED: a disk can only be mounted as root');
    await story({ stateDirectory: join(disk.path, 'state') }, async (at) => {
      const { machine } = at;
      const { prompt, dashboard } = await live(at);
      const watch = at.chaperoned(['watch']);
      await watch.until('WATCHING Dana Roe');
      disk.fill();
      dashboard.enter('seq 1 100000');
      // It stands there for three seconds: each window is asked for all that it has shown, not for what it shows now.
      const why = 'the session cannot be recorded any more';
      await watch.bytes(`‖ PAUSED: ${why}`);
      prompt.press('r'); // it may not go on
      await dashboard.until(['The session is over', why]);
      const paused = (await dashboard.bytes('The session is paused')).toString();
      expect(paused).toContain(why);
      const told = (await prompt.bytes(`Why: ${why}`)).toString();
      expect(told).toMatch(/PAUSED[\s\S]*Why: the session cannot be recorded any more/);
      await prompt.until('Nobody is connected.');
      await expect.poll(() => machine.sessionProcesses(), { timeout: 20_000 }).toEqual([]);

      // Nobody is let in without a record.
      await prompt.until('The record of sessions cannot be written');
      const refused = await ask(at);
      await refused.until('cannot keep its log at the moment');

      // With room again, after a restart, everything that was promised is there.
      disk.free();
      expect(await machine.stop()).toEqual({ code: 0, signal: null });
      await machine.startAgain();
      const verified = await machine.chaperoned('audit', 'verify');
      expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('The record is whole') });
      await live(at);
    });
  });
});
