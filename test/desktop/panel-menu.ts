// The menu of the tray's icon as a hand opens it: in xfce4-panel, at the lower right corner of a screen of 1280×900.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { XDesktop } from './x-desktop.ts';

const run = promisify(execFile);

const ICON = '28x28+1250+870';
const ELSEWHERE = ['640', '700'] as const;
const DRAWN = 10; // colours; the panel alone has one
const TOOLTIP_HEIGHT = 60; // pixels, at most; every menu is higher

/** Opens the menu and presses keys in it, then Return. */
export async function pressInMenu(desktop: XDesktop, ...keys: readonly string[]): Promise<void> {
  await desktop.ask('mousemove', ...ELSEWHERE);
  const plain = await desktop.until(async () => {
    const [colours, signature] = await iconOn(desktop);
    return Number(colours) > DRAWN && signature;
  }, 'the icon to be drawn');
  // The panel must know that the pointer is over the icon, or it shows its own menu: the icon lights up then.
  await desktop.ask('mousemove', '1260', '880', 'mousemove', '1264', '884');
  await desktop.until(async () => (await iconOn(desktop))[1] !== plain, 'the icon to light up');
  const before = await topLevels(desktop);
  await desktop.ask('click', '3');
  // It has neither name nor class. When it is on the screen, it has the keyboard too.
  await desktop.until(async () => {
    for (const window of await topLevels(desktop)) {
      if (before.includes(window)) continue;
      if ((await desktop.sizeOf({ window, pid: 0 })).height > TOOLTIP_HEIGHT) return true;
    }
    return false;
  }, 'the menu');
  await desktop.ask('key', '--delay', '250', ...keys, 'Return');
}

/** How many colours there are where the icon is, and what stands for their picture. */
async function iconOn({ environment }: XDesktop): Promise<string[]> {
  const look = ['-window', 'root', '-crop', ICON, '-format', '%k %#', 'info:'];
  return (await run('import', look, { env: environment })).stdout.split(' ');
}

async function topLevels(desktop: XDesktop): Promise<string[]> {
  return ((await desktop.ask('search', '--onlyvisible', '--maxdepth', '1', '--name', '.*')) ?? '').split('\n');
}
