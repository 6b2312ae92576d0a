// A daemon that runs as root asks the person at the console, and nobody else.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { describe, expect, it } from 'vitest';
import { ASKS, DesktopStory } from '../desktop/desktop-story.ts';
import { FakeLogind } from '../desktop/fake-logind.ts';
import { DESKTOP_PROGRAMS, XDesktop } from '../desktop/x-desktop.ts';
import { CHAPERONED } from '../harness/place.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { runProgram } from '../harness/run-program.ts';
import { describeWith } from '../requires.ts';

const ANNA = 65_534; // nobody: a bus lets in only users that the computer knows
const BERT = 54_322; // a user that no computer has

/** A machine as root with a logind of its own, and a place for users' homes. */
async function rootMachine() {
  const stack = new AsyncDisposableStack();
  const place = mkdtempSync(join(tmpdir(), 'chaperone-console-'));
  stack.defer(() => rmSync(place, { recursive: true, force: true }));
  chmodSync(place, 0o755);
  const offered = join(place, 'offered');
  const logind = stack.use(await FakeLogind.start());
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: logind.address, CHAPERONE_CONSOLE_DIR: offered };
  const machine = stack.use(await RealMachine.start({ environment }));
  const environmentOf = (uid: number) => {
    const home = join(place, String(uid));
    mkdirSync(home, { recursive: true, mode: 0o700 });
    chownSync(home, uid, uid);
    return { ...environment, PATH: process.env.PATH ?? '', HOME: home, CHAPERONE_HOME: join(home, 'state') };
  };
  const as = (uid: number) => ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  const status = async (uid: number) => {
    const argv = [...as(uid), execPath, CHAPERONED, 'status'];
    return await runProgram(argv, { environment: environmentOf(uid), cwd: place });
  };
  const socketOf = (uid: number) => join(offered, `${uid}.sock`);
  return {
    machine,
    logind,
    as,
    status,
    socketOf,
    environmentOf,
    place,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot('a daemon as root', () => {
  describeWith([...DESKTOP_PROGRAMS, 'setpriv', 'dbus-daemon', 'dbus-send'], 'and the person at the console', () => {
    it('is reached by who sits there, not by another login, and not any more when they leave', async () => {
      await using at = await rootMachine();
      const offered = (uid: number, yes: boolean) =>
        expect.poll(() => existsSync(at.socketOf(uid)), { timeout: 20_000 }).toBe(yes);
      expect((await at.status(ANNA)).code).toBe(4);
      at.logind.seat({ uid: ANNA });
      await offered(ANNA, true);
      expect((await at.status(ANNA)).stdout).toContain('front-desk-2');
      expect((await at.status(BERT)).code).toBe(4);
      at.logind.seat({ uid: BERT });
      await offered(BERT, true);
      await offered(ANNA, false);
      expect((await at.status(ANNA)).code).toBe(4);
      at.logind.seat({ uid: BERT, remote: true });
      await offered(BERT, false);
    });

    it('asks them on their own desktop, though root opened a prompt first, and ends when they leave', async () => {
      await using at = await rootMachine();
      await using desktop = await XDesktop.start({ bus: true, busFor: 'everyone' });
      const root = await at.machine.person({ name: 'a login of root' });
      at.logind.seat({ uid: ANNA });
      await desktop.until(() => existsSync(at.socketOf(ANNA)), 'the socket');
      const { DISPLAY = '' } = desktop.environment;
      const environment = {
        ...at.environmentOf(ANNA),
        DISPLAY,
        NO_AT_BRIDGE: '1',
        DBUS_SESSION_BUS_ADDRESS: desktop.environment.DBUS_SESSION_BUS_ADDRESS ?? '',
      };
      const tellers = async () => (await at.machine.status()).presence?.known.length ?? 0;
      const others = await tellers();
      const [program = '', ...args] = [...at.as(ANNA), execPath, CHAPERONED, 'tray'];
      const tray = spawn(program, args, { env: environment, cwd: at.place, stdio: 'ignore' });
      await desktop.until(async () => (await at.machine.status()).prompters.length === 2, 'the tray');
      const technician = await at.machine.technician();
      const question = await desktop.window(ASKS);
      await technician.untilTold('displayed');
      await new Promise((resolve) => setTimeout(resolve, DesktopStory.ARMED_MS));
      await desktop.clickFromCorner(question, ...DesktopStory.ALLOW);
      await technician.ready;
      expect(root.unseen).toBe(0);
      const shell = await technician.shell();
      // Root sees nothing of Anna's desktop: her tray tells that she has locked it. Unlocking alone lets nothing go on.
      await desktop.until(async () => (await tellers()) > others, 'the tray to see whether she is there');
      const state = async () => (await at.machine.status()).sessions[0]?.state;
      desktop.signalLock(true);
      await desktop.until(async () => (await state()) === 'paused', 'a pause');
      await expect(at.machine.resume()).rejects.toThrow('the screen is locked');
      desktop.signalLock(false);
      await desktop.until(async () => (await at.machine.status()).presence?.absence === null, 'the unlocking');
      expect(await state()).toBe('paused');
      await at.machine.resume();
      expect(await state()).toBe('active');
      const exited = once(tray, 'exit');
      at.logind.seat(null);
      await shell.closed;
      await technician.closed;
      await exited;
      expect(at.machine.sessionProcesses()).toEqual([]);
    });
  });
});
