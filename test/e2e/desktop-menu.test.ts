// What a person can do from the tray's menu besides watching and ending.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DesktopStory } from '../desktop/desktop-story.ts';
import { DESKTOP_PROGRAMS } from '../desktop/x-desktop.ts';
import { describeWith } from '../requires.ts';

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
    await story.allow(first); // nothing is ticked: it asks again
    const again = await desktop.until(async () => {
      const now = await desktop.find('allow more');
      return now !== null && now.pid !== first.pid && desktop.wordsOf(now).includes('Nothing is ticked') ? now : null;
    }, 'the window again');
    expect(await scopes()).toBe('diagnostics');
    await sleep(DesktopStory.ARMED_MS);
    await desktop.press(again, 'Tab', 'space'); // the second box: restart and return
    await story.allow(again);
    await desktop.until(async () => (await scopes()) === 'diagnostics,reboot', 'the permission');

    expect((await control.request('reboot.prepare')).error).toBeUndefined();
    await story.menu('After a restart Dana Roe may come back, until');
    await story.choose('Do not let them come back');
    await desktop.until(async () => (await scopes()) === 'diagnostics', 'the permission to be gone');
    expect((await machine.status()).lease).toBeNull();
    expect(await story.menu('Allow more…')).not.toContain('come back');
    expect((await machine.record()).map(({ type }) => type)).toContain('lease.cancelled');
  });
});
