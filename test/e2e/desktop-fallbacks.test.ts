// A desktop that lacks something: no yad, neither yad nor zenity, no D-Bus session, no screen. What is left is used, and said.

import { once } from 'node:events';
import { expect, it } from 'vitest';
import { ASKS, DesktopStory, INDICATOR } from '../desktop/desktop-story.ts';
import { Letter } from '../desktop/letter.ts';
import { DESKTOP_PROGRAMS } from '../desktop/x-desktop.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { describeWith } from '../requires.ts';

describeWith([...DESKTOP_PROGRAMS, 'xterm'], 'a desktop that lacks something', () => {
  it('has zenity only: it asks, indicates, pauses and ends', async () => {
    await using story = await DesktopStory.begin({ programs: ['zenity', 'setpriv', 'xterm'] });
    const { desktop, machine } = story;
    await story.said.until('Please note: questions appear in windows of zenity');
    await story.said.until('Please note: there is no D-Bus session');
    const technician = await machine.technician({ scopes: 'diagnostics shell' });
    await story.allowInZenity();
    await technician.ready;
    const shell = await technician.shell();
    const indicator = await story.indicator();
    const all = () => desktop.ask('search', '--onlyvisible', '--name', INDICATOR);
    // One window for all states: a second one would lie below the first, count as hidden, and end the session.
    await machine.pause();
    await machine.resume();
    await machine.pause();
    await desktop.noWindow('allow this');
    expect(await all()).toBe(indicator.window);
    expect((await machine.status()).sessions[0]?.state).toBe('paused');
    await desktop.press(indicator, 'Escape');
    await shell.closed;
    expect(await story.end()).toEqual({ by: 'local user', reason: 'the person at the machine ended the session' });
    expect(machine.sessionProcesses()).toEqual([]);
  });

  it('has zenity only: typing that meant another window does not allow, and the keyboard reaches the question', async () => {
    await using story = await DesktopStory.begin({ programs: ['zenity', 'setpriv', 'xterm'] });
    const { desktop, machine } = story;
    await using letter = await Letter.begin(desktop, 'Return', 'space', 'Return'); // with Tab a quick one would press the no
    const technician = await machine.technician();
    await story.question();
    // Each Return that is quicker than the hand back brings the question again, so there is no moment to look at.
    await desktop.until(() => letter.hasKeyboard(), 'the letter to be written');
    await letter[Symbol.asyncDispose]();
    expect((await machine.status()).asking).not.toBeNull();
    // A key that was quicker than the guard only brings the question again.
    await desktop.until(async () => {
      const window = await desktop.find(ASKS);
      if (window !== null) await desktop.press(window, 'Escape');
      return (await machine.status()).asking === null;
    }, 'the end of the question');
    await expect(technician.ready).rejects.toThrow();
    expect((await machine.record()).map(({ type }) => type)).not.toContain('consent.granted');
  });

  it('has a terminal only: it asks and shows there, and closing it ends the session', async () => {
    await using story = await DesktopStory.begin({ programs: ['setpriv', 'xterm', 'sh'] });
    const { desktop, machine } = story;
    await story.said.until('Please note: neither yad nor zenity is installed');
    const window = await desktop.window('^Chaperone$');
    const technician = await machine.technician({ scopes: 'diagnostics shell' });
    await technician.untilTold('displayed');
    // Keys do nothing until the question is armed, and Return does nothing on a permission: two rounds allow.
    await desktop.until(async () => {
      await desktop.press(window, 'Tab', 'Return');
      return (await machine.status()).asking === null;
    }, 'the answer');
    await technician.ready;
    const shell = await technician.shell();
    shell.enter('echo it $((40+2)) works');
    await shell.until('it 42 works');
    expect((await machine.status()).sessions[0]?.state).toBe('active');
    const exited = once(story.tray, 'exit');
    process.kill(window.pid, 'SIGKILL');
    await shell.closed;
    await technician.closed;
    await exited;
    expect(await story.end()).toMatchObject({ reason: expect.stringContaining('was closed') });
  });
});

it('a tray without a screen says what to do instead', async () => {
  await using machine = await RealMachine.start();
  const { code, stderr } = await machine.chaperoned('tray');
  expect(code).not.toBe(0);
  expect(stderr).toContain('no window can ask or show anything');
  expect(stderr).toContain('chaperoned prompt');
});
