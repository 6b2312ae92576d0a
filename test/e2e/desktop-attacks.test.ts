// What others try against the person at a desktop. Each ends in a denial or an end, never in more access.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { localSocketPath } from '../../daemon/local/socket-path.ts';
import { ALLOW_ARMS_AFTER_MS } from '../../protocol/consent.ts';
import { coverScreen } from '../desktop/cover.ts';
import { ASKS, DesktopStory, INDICATOR } from '../desktop/desktop-story.ts';
import { Letter } from '../desktop/letter.ts';
import { DESKTOP_PROGRAMS } from '../desktop/x-desktop.ts';
import type { Technician } from '../harness/technician.ts';
import { describeWith } from '../requires.ts';

const TRIES_MAX = 5; // of an attack that has to win a race
const SETTLE_MS = 500; // for what must have no effect, which nothing announces

async function refused(technician: Technician): Promise<string> {
  await expect(technician.ready).rejects.toThrow();
  return technician.told.text;
}

async function grants(story: DesktopStory): Promise<number> {
  return (await story.machine.record()).filter(({ type }) => type === 'consent.granted').length;
}

describeWith([...DESKTOP_PROGRAMS, 'xterm'], 'attacks on the person at a desktop', () => {
  it('typing that meant another window neither allows nor ticks', async () => {
    await using story = await DesktopStory.begin();
    const { desktop, machine } = story;
    await using letter = await Letter.begin(desktop, 'Return', 'space', 'Tab', 'Return');
    const technician = await machine.technician();
    const question = await story.question();
    await sleep(SETTLE_MS);
    expect(await letter.hasKeyboard()).toBe(true);
    await letter[Symbol.asyncDispose]();
    expect((await machine.status()).asking).not.toBeNull();
    await story.deny(question);
    await refused(technician);
    expect(await grants(story)).toBe(0);
  });

  it('a question that something covers was not asked', async () => {
    await using story = await DesktopStory.begin();
    const { desktop, machine } = story;
    using _ = await coverScreen(desktop.environment.DISPLAY ?? '');
    for (let tries = 1; ; tries += 1) {
      const from = (await machine.record()).length;
      const technician = await machine.technician();
      await technician.told.until(/\[displayed\]|no one could be asked/);
      if (technician.told.text.includes('no one could be asked')) {
        await refused(technician);
        expect((await machine.record(from)).map(({ type }) => type)).not.toContain('consent.displayed');
        break;
      }
      // It was looked at in the moment before the cover came to the top again: so it was in sight.
      expect(tries).toBeLessThan(TRIES_MAX);
      technician.client.end();
      await desktop.noWindow(ASKS);
    }
  });

  it('a press that came before anyone could read only brings the question again', async () => {
    await using story = await DesktopStory.begin();
    const { desktop, machine } = story;
    const pressedEarly = async () => {
      const asked = performance.now();
      const technician = await machine.technician();
      const first = await desktop.window(ASKS);
      await technician.untilTold('displayed');
      await story.pressAllow(first);
      const second = await desktop.until(async () => {
        if ((await machine.status()).asking === null) return 'let in' as const;
        const now = await desktop.find(ASKS);
        return now !== null && now.pid !== first.pid && now;
      }, 'the question again');
      return { technician, second, tookMs: performance.now() - asked };
    };
    let { technician, second, tookMs } = await pressedEarly();
    // Only where this computer was too slow for it may such a press have counted: then it was not early.
    while (second === 'let in') {
      expect(tookMs).toBeGreaterThan(ALLOW_ARMS_AFTER_MS);
      await technician.ready;
      await machine.end();
      await desktop.noWindow(INDICATOR);
      ({ technician, second, tookMs } = await pressedEarly());
    }
    expect(desktop.wordsOf(second)).toContain('too quick');
    await sleep(2000);
    await story.allow(second);
    await technician.ready;
  });

  it('a signal that closes the window as if by OK does not allow, nor does killing it', async () => {
    await using story = await DesktopStory.begin();
    for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGKILL'] as const) {
      const technician = await story.machine.technician();
      process.kill((await story.question()).pid, signal);
      await refused(technician);
      await story.desktop.noWindow(ASKS);
    }
    expect(await grants(story)).toBe(0);
  });

  it('an answer over the local socket counts only from the program that was asked', async () => {
    await using story = await DesktopStory.begin();
    const technician = await story.machine.technician();
    const question = await story.question();
    const id = (await story.machine.untilRecorded(({ type }) => type === 'consent.displayed')).session ?? '';
    const forger = await story.machine.connectLocal();
    const voice = await forger.prompt('desktop: forged', { onShow: () => undefined, onWithdraw: () => undefined });
    await voice.displayed(id);
    voice.answer(id, { allow: true, scopes: ['diagnostics', 'shell'] });
    await sleep(SETTLE_MS);
    expect((await story.machine.status()).asking).not.toBeNull();
    await story.deny(question);
    await refused(technician);
    expect(await grants(story)).toBe(0);
  });

  it.skipIf(process.getuid?.() !== 0)('another user of the computer does not reach the daemon', async () => {
    await using story = await DesktopStory.begin();
    const socket = localSocketPath(story.machine.environment);
    const script = `require('node:net').connect(${JSON.stringify(socket)}).on('connect', () => process.exit(7)).on('error', (e) => { console.log(e.code); process.exit(0); })`;
    const { stdout, status } = spawnSync('setpriv', ['--reuid=65534', '--clear-groups', execPath, '-e', script], {
      encoding: 'utf8',
    });
    expect([stdout.trim(), status]).toEqual(['EACCES', 0]);
  });

  it('the session shell finds neither the socket of the daemon nor the desktop of the person', async () => {
    await using story = await DesktopStory.begin();
    const technician = await story.session();
    const shell = await technician.shell();
    shell.enter(
      `ls ${localSocketPath(story.machine.environment)}; echo "[$DISPLAY][$DBUS_SESSION_BUS_ADDRESS]" end$((1+1))`,
    );
    const text = await shell.until('end2');
    expect(text).toContain('[][]');
    expect(text).toMatch(/No such file|cannot access|Permission denied/);
  });

  it('a second tray is turned away, and the first one keeps its session', async () => {
    await using story = await DesktopStory.begin();
    await story.session();
    const second = story.startTray();
    await once(second, 'close'); // with the last of what it said
    expect(story.said.text).toContain('already on a desktop');
    expect((await story.machine.status()).sessions[0]?.state).toBe('active');
  });

  it('a tray in a remote login is turned away', async () => {
    await using story = await DesktopStory.begin();
    const second = story.startTray({ SSH_CONNECTION: '192.0.2.1 5 192.0.2.2 22' });
    await once(second, 'close'); // with the last of what it said
    expect(story.said.text).toContain('this is a remote login');
  });

  it('when the daemon is killed, its question leaves the screen', async () => {
    await using story = await DesktopStory.begin();
    const technician = await story.machine.technician();
    await story.question();
    await story.machine.kill();
    await story.desktop.noWindow(ASKS);
    await technician.closed;
    // The person is told, here in a window, and when they have read it nothing of the tray is left.
    const exited = once(story.tray, 'exit');
    const note = await story.desktop.window('please note');
    expect(story.desktop.wordsOf(note)).toContain('Nothing is listening any more');
    await story.desktop.clickFromCorner(note, 60, 30);
    await exited;
  });
});
