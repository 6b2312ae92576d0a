// What a person can do from the tray's menu besides watching and ending.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DesktopStory } from '../desktop/desktop-story.ts';
import { DESKTOP_PROGRAMS, type Found } from '../desktop/x-desktop.ts';
import { describeWith } from '../requires.ts';

/** Buttons of the window with a proposed command, from its lower right corner. */
const RUN = [66, 36] as const;
const CHANGE = [400, 36] as const;

describeWith([...DESKTOP_PROGRAMS, 'dbus-daemon'], 'the menu of the tray', () => {
  it('gives more of the person’s own accord, and shows and forbids a return after a restart', async () => {
    await using story = await DesktopStory.begin({
      bus: true,
      machine: { scopes: { technician: ['diagnostics', 'shell', 'reboot'] } },
    });
    const { desktop, machine } = story;
    const scopes = async () => (await machine.status()).sessions[0]?.scopes.join();
    const technician = await story.session({ scopes: 'diagnostics' });
    const control = await technician.control();
    expect((await control.request('reboot.prepare')).error).toBeDefined();

    await story.choose('Allow more…');
    const first = await desktop.window('allow more');
    expect(desktop.wordsOf(first)).toContain('Restart and return');
    await sleep(DesktopStory.ARMED_MS);
    // Nothing is ticked: it asks again.
    const again = async () => {
      const now = await desktop.find('allow more');
      return now !== null && desktop.wordsOf(now).includes('Nothing is ticked');
    };
    const allow = (found: Found) => story.pressAllow(found);
    await story.insist(first, 'allow more', allow, again);
    expect(await scopes()).toBe('diagnostics');
    await sleep(DesktopStory.ARMED_MS);
    const tickAndAllow = async (found: Found) => {
      await desktop.press(found, 'Tab', 'space'); // the second box: restart and return
      await story.pressAllow(found);
    };
    const given = async () => (await scopes()) === 'diagnostics,reboot';
    await story.insist(await desktop.window('allow more'), 'allow more', tickAndAllow, given);

    expect((await control.request('reboot.prepare')).error).toBeUndefined();
    await story.menu('After a restart Dana Roe may come back, until');
    await story.choose('Do not let them come back');
    await desktop.until(async () => (await scopes()) === 'diagnostics', 'the permission to be gone');
    await desktop.until(async () => (await machine.status()).lease === null, 'the end of the permission to come back');
    await story.menu('Allow more…', { gone: 'come back' });
    await machine.untilRecorded(({ type }) => type === 'lease.cancelled');
  });

  it('asks for help in the person’s own words, which the technician hears and the receipt keeps', async () => {
    await using story = await DesktopStory.begin({ bus: true, machine: { args: ['--once'] } });
    const { desktop, machine } = story;
    const HELP = 'get help';
    await story.choose('Get help…');
    const empty = await desktop.window(HELP);
    await desktop.focus(empty);
    await desktop.type('The printer stays blank for patient Ada Brown');
    await desktop.clickFromCorner(empty, 60, 30);
    // What may name a patient is pointed out before it is kept.
    const flagged = await desktop.windowAfter(empty, HELP);
    expect(desktop.wordsOf(flagged)).toContain('Some of this may name a patient');
    expect((await machine.status()).helpAskedAt).toBeNull();
    await desktop.press(flagged, 'Escape');
    const again = await desktop.windowAfter(flagged, HELP);
    await desktop.press(again, 'ctrl+a');
    await desktop.type('The printer stays blank');
    await desktop.clickFromCorner(again, 60, 30);
    const checked = await desktop.windowAfter(again, HELP);
    expect(desktop.wordsOf(checked)).toContain('Is this right?');
    await desktop.clickFromCorner(checked, 80, 30);
    // The code is shown at once; the icon waits.
    await desktop.window('number and code');
    await story.menu('Waiting for your helper');
    expect((await machine.status()).helpAskedAt).not.toBeNull();

    const technician = await story.session();
    const control = await technician.control();
    await control.received.until('Asked for help before you came: The printer stays blank');
    expect((await machine.status()).helpAskedAt).toBeNull();
    await story.choose('End now');
    const receipt = await control.received.until('"method":"receipt"');
    expect(receipt).toContain('The printer stays blank');
    await technician.closed;

    // With --once nothing listens any more, and that is said.
    await desktop.until(
      () => story.notices?.shown.some((words) => words.includes('Nothing is listening any more')) ?? false,
      'the end',
    );
    await desktop.press(await desktop.window('receipt'), 'Escape');
    expect((await machine.exited).code).toBe(0);
  });

  it('runs, declines and changes what a technician proposes', async () => {
    await using story = await DesktopStory.begin({ bus: true });
    const { desktop } = story;
    const technician = await story.session({ scopes: 'shell.suggest' });
    const control = await technician.control();
    let last = 0;
    const proposed = async (command: string) => {
      const window = await desktop.until(async () => {
        const now = await desktop.find('run this command');
        return now !== null && now.pid !== last && desktop.wordsOf(now).includes(command) ? now : null;
      }, `the question about ${command}`);
      last = window.pid;
      await sleep(DesktopStory.ARMED_MS);
      return window;
    };
    const propose = (command: string) =>
      control.request('command.propose', { command, purpose: 'to know which system this is' });
    await propose('uname -s');
    const first = await proposed('uname -s');
    expect(desktop.wordsOf(first)).toContain('to know which system this is');
    const TITLE = 'run this command';
    const run = (found: Found) => desktop.clickFromCorner(found, ...RUN);
    const ran = (from: number) => async () => control.received.text.slice(from).includes('"method":"command.result"');
    await story.insist(first, TITLE, run, ran(0));
    expect(control.heard('command.output')).toMatchObject([{ text: 'Linux\n' }]);

    let from = control.received.end;
    await propose('uname -r');
    await desktop.clickFromCorner(await proposed('uname -r'), ...CHANGE);
    const edit = await desktop.window('change the command');
    await desktop.press(edit, 'ctrl+a');
    await desktop.type('uname -o');
    await desktop.clickFromCorner(edit, 60, 30);
    await story.insist(await proposed('uname -o'), TITLE, run, ran(from));
    expect(control.heard('command.output')).toMatchObject([{ text: 'Linux\n' }, { text: 'GNU/Linux\n' }]);

    from = control.received.end;
    await propose('uname -m');
    await desktop.press(await proposed('uname -m'), 'Escape');
    await control.received.until('"method":"command.result"', { from });
    expect(control.heard('command.output')).toHaveLength(2);
  });
});
