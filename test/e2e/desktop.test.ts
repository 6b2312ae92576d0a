// The person at a desktop: real panel, real windows, mouse and keys.

import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { DesktopStory, INDICATOR } from '../desktop/desktop-story.ts';
import { pressInMenu } from '../desktop/panel-menu.ts';
import { DESKTOP_PROGRAMS, type Found } from '../desktop/x-desktop.ts';
import { describeWith } from '../requires.ts';

const RECEIPT = 'Chaperone: receipt';

async function items(story: DesktopStory): Promise<string> {
  try {
    return execFileSync(
      'dbus-send',
      [
        '--session',
        '--print-reply',
        '--dest=org.kde.StatusNotifierWatcher',
        '/StatusNotifierWatcher',
        'org.freedesktop.DBus.Properties.Get',
        'string:org.kde.StatusNotifierWatcher',
        'string:RegisteredStatusNotifierItems',
      ],
      { env: story.desktop.environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
  } catch {
    return '';
  }
}

/** The indicator that came instead of `former`, once that is gone, which stands in the same place. */
function onlyIndicatorAfter({ desktop }: DesktopStory, former: Found): Promise<Found> {
  return desktop.until(async () => {
    const now = await desktop.find(INDICATOR);
    const all = await desktop.ask('search', '--onlyvisible', '--name', INDICATOR);
    return now !== null && now.pid !== former.pid && all === now.window && now;
  }, 'the next indicator');
}

describeWith(
  [...DESKTOP_PROGRAMS, 'xfce4-panel', 'dbus-daemon', 'dbus-send', 'import'],
  'the person at a desktop',
  () => {
    it('is asked, sees who is connected, takes permissions back, ends it and reads the receipt', async () => {
      await using story = await DesktopStory.begin({ panel: true });
      const { desktop, machine } = story;
      await desktop.until(async () => (await items(story)).includes('StatusNotifierItem'), 'the icon');

      // The menu gives the code, which is closed by itself when the technician asks.
      await pressInMenu(desktop, 'Down');
      const code = await desktop.window('number and code');
      expect(desktop.wordsOf(code)).toContain(await machine.code());

      const first = await machine.technician();
      await story.deny(await story.question());
      await expect(first.ready).rejects.toThrow();
      expect(first.told.text).toContain('did not allow');
      await desktop.noWindow('number and code');

      const technician = await story.session();
      expect((await machine.status()).sessions[0]?.scopes).toEqual(['diagnostics', 'shell']);
      const indicator = await story.indicator();
      expect(desktop.wordsOf(indicator)).toContain('Dana Roe');
      const shell = await technician.shell();
      shell.enter('echo it $((20+22)) works');
      await shell.until('it 42 works');

      await desktop.clickFromCorner(indicator, 180, 30);
      await desktop.until(async () => (await machine.status()).sessions[0]?.state === 'paused', 'a pause');
      const paused = await onlyIndicatorAfter(story, indicator);
      expect(desktop.wordsOf(paused)).toContain('PAUSED');
      await desktop.clickFromCorner(paused, 180, 30);
      await desktop.until(async () => (await machine.status()).sessions[0]?.state === 'active', 'the session to go on');
      expect((await machine.status()).sessions).toHaveLength(1);
      const last = await onlyIndicatorAfter(story, paused);

      // Head, line, code, help, line, Dana Roe ▸ (Pause, End now, line, head, health checks, commands)
      await pressInMenu(desktop, 'Down', 'Down', 'Down', 'Right', 'Down', 'Down', 'Down');
      await desktop.until(
        async () => (await machine.status()).sessions[0]?.scopes.join() === 'diagnostics',
        'the permission to be withdrawn',
      );
      expect((await shell.closed).code).not.toBe(0);

      await desktop.clickFromCorner(last, 55, 30);
      expect(await story.end()).toMatchObject({ reason: expect.stringMatching(/ended the session|was closed/) });
      await technician.closed;
      const receipt = await desktop.window(RECEIPT);
      await desktop.noWindow('someone is connected');
      expect(receipt.pid).toBeGreaterThan(0);
      expect(machine.sessionProcesses()).toEqual([]);
    });

    it('has the icon again after the panel was restarted', async () => {
      await using story = await DesktopStory.begin({ panel: true });
      const { desktop } = story;
      await desktop.until(async () => (await items(story)).includes('StatusNotifierItem'), 'the icon');
      desktop.panel?.kill('SIGKILL');
      await desktop.until(async () => (await items(story)) === '', 'the panel to be gone');
      desktop.restartPanel();
      await desktop.until(async () => (await items(story)).includes('StatusNotifierItem'), 'the icon again');
    });

    it('ends everything with the panic key, wherever the keyboard is', async () => {
      await using story = await DesktopStory.begin();
      const technician = await story.session();
      const shell = await technician.shell();
      expect(story.desktop.wordsOf(await story.indicator())).toContain('Ctrl+Alt+End');
      await story.desktop.ask('key', 'ctrl+alt+End');
      expect((await shell.closed).code).toBe(6);
      expect(await story.end()).toEqual({ by: 'local user', reason: 'the person at the machine ended the session' });
    });

    for (const [what, act] of [
      [
        'the indicator is killed',
        async (story: DesktopStory) => process.kill((await story.indicator()).pid, 'SIGKILL'),
      ],
      [
        'the indicator is unmapped',
        async (story: DesktopStory) => story.desktop.ask('windowunmap', (await story.indicator()).window),
      ],
      ['the tray is killed', async (story: DesktopStory) => story.tray.kill('SIGKILL')],
      ['the screen is gone', async (story: DesktopStory) => story.desktop.killScreen()],
    ] as const) {
      it(`promise 6: the session ends when ${what}`, async () => {
        await using story = await DesktopStory.begin();
        const technician = await story.session();
        const shell = await technician.shell();
        await story.indicator();
        await act(story);
        await technician.closed;
        await shell.closed;
        expect(await story.end()).toMatchObject({ reason: expect.stringMatching(/was closed|ended the session/) });
        expect(story.machine.sessionProcesses()).toEqual([]);
      });
    }

    it('promise 6: no channel opens while the indicator does not come up', async () => {
      await using story = await DesktopStory.begin({ environment: {} });
      const technician = await story.machine.technician();
      const question = await story.question();
      story.desktop.breakPrograms();
      await story.allow(question);
      await expect(technician.ready).rejects.toThrow();
      expect((await story.machine.record()).map(({ type }) => type)).not.toContain('shell.opened');
    });
  },
);
