// What reaches a person at a desktop who does not look: a reminder of a session that nobody uses, and everything where
// the desktop has notifications and nothing else.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { BUBBLE, bubbleOn, NOTIFICATION_SERVICE } from '../desktop/bubbles.ts';
import { DesktopStory } from '../desktop/desktop-story.ts';
import { DESKTOP_PROGRAMS } from '../desktop/x-desktop.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { describeWith } from '../requires.ts';

const NOTE = 'Chaperone: please note';
const CLOSE = [60, 30] as const; // from the lower right corner
const IN_TERMINAL = '^Chaperone$';

describeWith([...DESKTOP_PROGRAMS, 'dbus-daemon'], 'a session in which nothing happens', () => {
  it('is brought to mind in a window, again once that was closed, and goes on', async () => {
    await using story = await DesktopStory.begin({ trayOptions: ['--remind-after', '2s'] });
    const { desktop, machine } = story;
    const technician = await story.session();
    const first = await desktop.window(NOTE);
    expect(desktop.wordsOf(first)).toContain('Is your helper still there?');
    await desktop.clickFromCorner(first, ...CLOSE);
    await desktop.noWindow(NOTE);
    const second = await desktop.windowAfter(first, NOTE);
    expect((await machine.status()).sessions[0]?.state).toBe('active'); // nothing of it covers the indicator
    await desktop.clickFromCorner(second, ...CLOSE);
    await machine.end();
    await technician.closed;
  });

  it('is a notification where the desktop shows them', async () => {
    await using story = await DesktopStory.begin({ bus: true, trayOptions: ['--remind-after', '2s'] });
    const { desktop, notices } = story;
    await story.session();
    const told = 'Is your helper still there?: Nothing has happened for a while. Dana Roe is still connected.';
    await desktop.until(() => notices?.shown.includes(told) ?? false, 'the reminder');
    expect(await desktop.find(NOTE)).toBeNull();
  });
});

describeWith([...DESKTOP_PROGRAMS, 'dbus-daemon', 'xterm'], 'a desktop with notifications only', () => {
  describeWith(NOTIFICATION_SERVICE, 'of a real service', () => {
    it('asks in one, shows the session in a terminal, and ends with that', async () => {
      await using story = await DesktopStory.begin({
        bus: true,
        drawsNotifications: true,
        programs: ['setpriv', 'xterm', 'sh'],
      });
      const { desktop, machine } = story;
      expect((await machine.status()).prompters).toEqual(['desktop: notification']);
      await story.said.until('Please note: neither yad nor zenity is installed: a notification asks, and a');
      await story.said.until('Please note: this desktop has no tray: there is no icon and no menu');
      const technician = await machine.technician({ scopes: 'diagnostics shell' });
      await technician.untilTold('displayed');
      await sleep(DesktopStory.ARMED_MS);
      const bubble = await desktop.until(() => bubbleOn(desktop), 'a notification');
      await desktop.clickFromCorner(bubble, ...BUBBLE.allow);
      await technician.ready;
      const indicator = await desktop.window(IN_TERMINAL);
      const shell = await technician.shell();
      shell.enter('echo it $((40+2)) works');
      await shell.until('it 42 works');
      process.kill(indicator.pid, 'SIGKILL');
      await shell.closed;
      expect(await story.end()).toMatchObject({ reason: expect.stringContaining('was closed') });
      expect(machine.sessionProcesses()).toEqual([]);
    });
  });
});

it('a time to remind after that is none is said before anything is opened', async () => {
  await using machine = await RealMachine.start();
  const { code, stderr } = await machine.chaperoned('tray', '--remind-after', 'soon');
  expect(code).toBe(2);
  expect(stderr).toMatch(/--remind-after: "soon" is not a length of time\n +.*such as 10m/);
});
