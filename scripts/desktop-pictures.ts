// Takes the pictures of the person's desktop for docs/pictures: real windows of the real programs under Xvfb.
//
//   node scripts/desktop-pictures.ts [folder]

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { argv } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { DesktopStory } from '../test/desktop/desktop-story.ts';
import type { DesktopOptions, Found } from '../test/desktop/x-desktop.ts';

const DRAWN_MS = 800; // until a window that has just come is drawn
const COLOURS = '64'; // enough for flat windows, and small files
const MENU = '760x380+520+520'; // of a screen of 1280×900
const ICON: readonly [x: string, y: string] = ['1264', '884'];

/** The looks that pictures are taken in. */
const LOOKS: readonly (readonly [name: string, options: DesktopOptions])[] = [
  ['light', {}],
  ['dark-150', { dark: true, scale: 1.5 }],
];

const folder = resolve(argv[2] ?? 'docs/pictures');
mkdirSync(folder, { recursive: true });

for (const [look, options] of LOOKS) {
  await using story = await DesktopStory.begin({ ...options, panel: true });
  const { desktop, machine } = story;
  const take = async (what: string, found?: Found): Promise<void> => {
    await sleep(DRAWN_MS);
    const file = join(folder, `desktop-${what}-${look}.png`);
    await desktop.picture(file, found);
    const area = found === undefined ? ['-crop', MENU, '+repage'] : [];
    execFileSync('convert', [file, ...area, '-strip', '+dither', '-colors', COLOURS, file]);
  };
  const technician = await machine.technician({
    reason: 'the printer on floor 2 prints blank pages',
    ticket: 'T-1001',
  });
  const question = await story.question();
  await take('prompt', question);
  await story.allow(question);
  await technician.ready;
  const shell = await technician.shell();
  await shell.until(/[#$] /);
  const indicator = await story.indicator();
  await take('indicator', indicator);
  await desktop.ask('mousemove', ...ICON, 'click', '3');
  await sleep(DRAWN_MS);
  await desktop.ask('key', '--delay', '150', 'Down', 'Down', 'Down', 'Right');
  await take('tray');
  await desktop.ask('key', 'Escape', 'Escape');
  await machine.end();
  await technician.closed;
  await take('receipt', await desktop.window('Chaperone: receipt'));
}
