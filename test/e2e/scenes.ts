// Scenes that most stories begin with: the prompt is open, the technician asks, the person allows, the shell is there.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ALLOW_ARMS_AFTER_MS } from '../../protocol/consent.ts';
import type { Scope } from '../../protocol/scopes.ts';
import type { WindowOptions } from '../prompt/tmux-window.ts';
import type { Story } from './story.ts';
import type { StoryWindow } from './story-window.ts';

export const IN_SHELL = 'Ctrl-] leave the shell'; // in the key bar while the shell has the keyboard
export const READING = 'Please read first'; // while an answer does not count yet
const LAST_ROW = /Esc(?: says|:) no/; // of a question: with it, all of it is drawn
const HEARD_MS = 60_000; // for the question to come up, on a slow, busy machine
const CHOICES_MAX = 12; // permissions and the two buttons

export interface Wish extends WindowOptions {
  /** Who of the listed technicians. @default the first one */
  readonly technician?: string;
  readonly scopes?: readonly Scope[];
  readonly reason?: string;
  readonly ticket?: string;
  /** @default the right one */
  readonly code?: string;
}

/** The local user's prompt, ready for questions. */
export async function promptOf(at: Story, options?: WindowOptions): Promise<StoryWindow> {
  const prompt = at.chaperoned(['prompt'], options);
  await prompt.until('One-time code: ');
  return prompt;
}

/** Arguments that leave no question to the technician. */
export async function wishArguments(at: Story, wish: Wish = {}): Promise<string[]> {
  const { hostKey } = await at.machine.status();
  return [
    `${at.machine.id}@${at.machine.address}`,
    ...['--fingerprint', hostKey],
    ...['--code', wish.code ?? (await at.machine.code())],
    ...['--reason', wish.reason ?? 'the printer prints blank pages'],
    ...['--ticket', wish.ticket ?? 'HD-4711'],
  ];
}

/** `chaperone connect` with everything given: the dashboard waits for the person. */
export async function ask(at: Story, wish: Wish = {}): Promise<StoryWindow> {
  const { technician, scopes = ['diagnostics', 'shell'], cols, rows, env } = wish;
  const args = ['connect', ...(await wishArguments(at, wish)), ...scopes.flatMap((scope) => ['--scope', scope])];
  return at.chaperone(args, {
    ...(technician === undefined ? {} : { technician }),
    ...(cols === undefined ? {} : { cols }),
    ...(rows === undefined ? {} : { rows }),
    ...(env === undefined ? {} : { env }),
  });
}

/** The person reads the question, moves to Allow and presses Enter. */
export async function allow(prompt: StoryWindow): Promise<void> {
  await choose(prompt, 'Allow');
  await prompt.until('You allowed ');
}

/** Reads the question, moves to one of its choices and presses Enter. */
export async function choose(prompt: StoryWindow, choice: string): Promise<void> {
  const button = `[ ${choice} ]`;
  await prompt.until((screen) => LAST_ROW.test(screen) && screen.includes(button) && !screen.includes(READING));
  await untilCounted(prompt);
  for (let moves = 0; moves < CHOICES_MAX && !prompt.text().includes(`▶${button}`); moves += 1) {
    const before = prompt.text();
    prompt.press('Tab');
    await prompt.until((screen) => mark(screen) !== mark(before));
  }
  prompt.press('Enter');
}

/** Resolves when an answer counts for the daemon too, which may have heard late that the question is on the screen. */
async function untilCounted({ machine }: StoryWindow): Promise<void> {
  const newest = async () =>
    (await machine.record()).findLast(({ type }) => /^consent\.(?:prompted|displayed)$/.test(type));
  await expect.poll(async () => (await newest())?.type, { timeout: HEARD_MS }).toBe('consent.displayed');
  const heard = Date.parse((await newest())?.time ?? '');
  await sleep(Math.max(0, heard + ALLOW_ARMS_AFTER_MS - Date.now()));
}

/** Where the marker stands. */
function mark(screen: string): string {
  return screen.split('\n').find((row) => row.includes('▶')) ?? '';
}

export interface Live {
  readonly prompt: StoryWindow;
  readonly dashboard: StoryWindow;
}

/** A session with a shell that answers. */
export async function live(at: Story, wish: Wish = {}): Promise<Live> {
  const prompt = await promptOf(at);
  const dashboard = await ask(at, wish);
  await allow(prompt);
  await dashboard.until(IN_SHELL);
  await answers(dashboard);
  return { prompt, dashboard };
}

let asked = 0;

/** Resolves when the shell of `dashboard` has run a command that nobody else has typed. */
export async function answers(dashboard: StoryWindow): Promise<void> {
  asked += 1;
  dashboard.enter(`echo shell $((1000 + ${asked})) answers`);
  await dashboard.until(`shell ${1000 + asked} answers`);
}

/** From the words that the session is over on to the receipt. */
export async function showReceipt(dashboard: StoryWindow): Promise<string> {
  await dashboard.until('Enter  show the receipt'); // until then there was no time to read why
  dashboard.press('Enter');
  return await dashboard.until('Signed by the machine');
}
