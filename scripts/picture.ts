// `scripts/picture`: takes pictures of the running programs for the README, from the cells of their terminals.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  allow,
  fillIn,
  leaveShellFor,
  readCode,
  run,
  submit,
  untilAsked,
  untilKeyIsAsked,
} from './demonstration/acts.ts';
import { Setting } from './demonstration/setting.ts';
import type { Window } from './demonstration/window.ts';
import { drawSvg } from './drawing/svg.ts';

const PICTURES = join(import.meta.dirname, '..', 'docs', 'pictures');
const DASHBOARD = { cols: 110, rows: 32 } as const;
const PROMPT = { cols: 80, rows: 24 } as const;
const HISTORY = [25, 50, 75, 100]; // seconds of vitals until the charts are full enough
/** Something to look at, and harmless: names and sizes, nothing that belongs to anyone. */
const COMMANDS = [
  'ls --color=always',
  'grep --color=always -n error print-queue.log',
  'df -h --output=target,size,used,avail,pcent /',
  'free -h',
  'top -b -n 1 -w 100',
];

const setting = new Setting();
try {
  await setting.start();
  for (const name of ['Documents', 'Downloads']) mkdirSync(join(setting.home, name));
  writeFileSync(join(setting.home, 'restart-queue.sh'), '#!/bin/sh\n', { mode: 0o755 });
  const prompt = setting.window(PROMPT, 'chaperoned', 'prompt');
  const dashboard = setting.window(DASHBOARD, 'chaperone', 'connect', setting.address);

  await fillIn(dashboard, await readCode(prompt));
  submit(dashboard);
  await untilKeyIsAsked(dashboard, setting.hostKey);
  dashboard.type('y');
  await untilAsked(prompt);
  take('prompt', prompt, 'chaperoned prompt', {
    description:
      'A terminal window of the person at the machine: someone asks to help on this computer. Name, role, phone, reason and ticket; a checkbox for each permission; the time left; Allow and Do not allow.',
    ...PROMPT,
  });

  await allow(prompt, dashboard);
  for (const [index, command] of COMMANDS.entries()) {
    run(dashboard, command);
    await dashboard.until(`${command} to be done`, new RegExp(`(~\\$[\\s\\S]*){${index + 2}}`)); // as many prompts
  }
  take('dashboard-shell', dashboard, 'chaperone', {
    description:
      'The dashboard of the technician in a session: a banner with the machine, what is allowed and the time left; the tabs Shell, Diagnostics, Vitals, Audit and Chat; a shell of the machine in the tab Shell; the key that leaves it.',
    ...DASHBOARD,
  });

  await leaveShellFor('Vitals', dashboard);
  for (const seconds of HISTORY) await dashboard.until(`${seconds} seconds of vitals`, `in ${seconds} s`);
  take('dashboard-vitals', dashboard, 'chaperone', {
    description:
      'The tab Vitals of the dashboard: charts of processor, memory, network, disks and file systems, each with a line of words.',
    ...DASHBOARD,
  });
} finally {
  await setting[Symbol.asyncDispose]();
}

function take(
  name: string,
  window: Window,
  title: string,
  picture: { readonly description: string; readonly cols: number },
): void {
  mkdirSync(PICTURES, { recursive: true });
  const svg = drawSvg({ title, ...picture, lines: window.lines(), cursor: window.cursor });
  writeFileSync(join(PICTURES, `${name}.svg`), svg);
  console.log(`docs/pictures/${name}.svg: ${svg.length} bytes`);
}
