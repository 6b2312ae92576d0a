// Measures what the person at a desktop waits for, with the real programs under Xvfb.
//
//   scripts/build && node scripts/desktop-bench.ts [rounds]

import { argv } from 'node:process';
import { DesktopStory, INDICATOR } from '../test/desktop/desktop-story.ts';

const ROUNDS = Number(argv[2] ?? 6);
/** From the lower right corner of the indicator: its button End now. */
const END: readonly [number, number] = [55, 30];

const figures = new Map<string, number[]>();
const note = (what: string, ms: number): void => void figures.set(what, [...(figures.get(what) ?? []), ms]);

await using story = await DesktopStory.begin();
const { desktop, machine } = story;
for (let round = 0; round < ROUNDS; round += 1) {
  const connecting = performance.now();
  const technician = await machine.technician();
  await technician.untilTold('displayed');
  note('connect → question on screen', performance.now() - connecting);

  const question = await story.question();
  const allowing = performance.now();
  await story.allow(question);
  await technician.ready;
  const shell = await technician.shell();
  await shell.until(/./);
  note('press of Allow → first byte of the shell', performance.now() - allowing);

  shell.enter('yes');
  await shell.until('y\r\ny');
  const indicator = await story.indicator();
  let last = performance.now();
  shell.channel.on('data', () => {
    last = performance.now();
  });
  const ending = performance.now();
  await desktop.clickFromCorner(indicator, ...END);
  await shell.closed;
  note('press of End → last byte', Math.max(0, last - ending));
  await technician.closed;
  await desktop.noWindow(INDICATOR);
  process.kill((await desktop.window('Chaperone: receipt')).pid);
  await desktop.noWindow('Chaperone: receipt');
}
for (const [what, all] of figures) {
  const sorted = all.toSorted((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  process.stdout.write(`${what}: median ${middle.toFixed(0)} ms, worst ${(sorted.at(-1) ?? 0).toFixed(0)} ms\n`);
}
