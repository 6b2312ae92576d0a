// The main job from beginning to end, played through the programs alone: each step waits for what a person would see,
// shows it, and fails when it does not come.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { unstyled } from '../../protocol/terminal/sgr.ts';
import { findProgram } from '../../test/programs.ts';
import { allow, fillIn, leaveShellFor, openShell, readCode, run, submit, untilAsked, untilKeyIsAsked } from './acts.ts';
import { NotAsPromised } from './failure.ts';
import type { Narrator } from './narrator.ts';
import { processesWith } from './processes.ts';
import { MACHINE_NAME, type Setting, TECHNICIAN } from './setting.ts';
import type { Window } from './window.ts';

const PERSON_SIZE = { cols: 80, rows: 24 } as const;
const TECHNICIAN_SIZE = { cols: 100, rows: 28 } as const;
const COMMAND = 'grep error print-queue.log';
const ANSWER = 'error: no answer from 192.0.2.17';
/** Never ends by itself, and says so, so that a cut-off can be seen. */
const ENDLESS = 'while sleep 0.1; do echo still here; done';
const Sessions = z.tuple([z.object({ session: z.string() })], z.unknown());
const ID_SHOWN = 13; // characters of a session's ID, enough to name it

interface Scene {
  readonly setting: Setting;
  readonly tell: Narrator;
  /** `chaperoned prompt`, in front of the person. */
  readonly prompt: Window;
  /** `chaperoned watch`, the person's second window. */
  readonly mirror: Window;
  /** `chaperone`, in front of the technician. */
  readonly dashboard: Window;
}

/** Plays it. @throws {NotAsPromised} at the first thing that is not as promised */
export async function playStory(setting: Setting, tell: Narrator): Promise<void> {
  const prompt = setting.window(PERSON_SIZE, 'chaperoned', 'prompt');
  const mirror = setting.window(PERSON_SIZE, 'chaperoned', 'watch');
  const dashboard = setting.window(TECHNICIAN_SIZE, 'chaperone', 'connect', setting.address);
  const scene: Scene = { setting, tell, prompt, mirror, dashboard };
  await ask(scene);
  await answer(scene);
  await runACheck(scene);
  await typeACommand(scene);
  await lookAround(scene);
  await end(scene);
  await readReceipts(scene);
  await checkRecords(scene);
}

async function ask({ setting, tell, prompt, dashboard }: Scene): Promise<void> {
  tell.step('The person reads a number and a code to the technician on the phone');
  const code = await readCode(prompt);
  tell.screen('the machine: chaperoned prompt', prompt.text());

  tell.step('The technician fills in the code, why, and the ticket');
  await fillIn(dashboard, code);
  tell.screen('the technician: chaperone connect', dashboard.text());
  submit(dashboard);

  tell.step('They have never met this machine, so the key is compared: the person presses F and reads it out');
  await untilKeyIsAsked(dashboard, setting.hostKey);
  tell.screen('the technician', dashboard.text());
  prompt.type('f');
  await prompt.until('the fingerprint of this machine', setting.hostKey);
  tell.screen('the machine: chaperoned prompt', prompt.text());
  prompt.type('f');
  tell.say('It is the same.');
  dashboard.type('y');
}

async function answer({ tell, prompt, dashboard }: Scene): Promise<void> {
  tell.step('Nothing runs yet: the technician waits, and sees for whom and how long');
  await dashboard.until('who is awaited, for what, until when', 'Waiting for', MACHINE_NAME, 'left; no answer');
  tell.screen('the technician', dashboard.text());

  tell.step('The person sees who asks, and why');
  await untilAsked(prompt);
  tell.screen('the machine: chaperoned prompt', prompt.text());

  tell.step('The person allows it, and keeps the keys to pause and to end');
  await allow(prompt, dashboard);
  tell.screen('the machine: chaperoned prompt', prompt.text());
}

async function runACheck({ tell, dashboard }: Scene): Promise<void> {
  tell.step('The technician runs a health check');
  await leaveShellFor('Diagnostics', dashboard);
  await dashboard.until('the list of checks', '> System overview');
  dashboard.press('Enter');
  await dashboard.until('the result of the check', /System overview · (Done)/);
  tell.screen('the technician: tab Diagnostics', dashboard.text());
}

async function typeACommand({ tell, dashboard, mirror }: Scene): Promise<void> {
  tell.step('The technician types a command, and the person watches it live');
  await openShell(dashboard);
  run(dashboard, COMMAND);
  await dashboard.until('the answer of the command', ANSWER);
  tell.screen('the technician: tab Shell', dashboard.text());
  await mirror.until('the same in the window of the person', '● CONNECTED', COMMAND, ANSWER);
  tell.screen('the machine: chaperoned watch', mirror.text());
}

async function lookAround({ tell, dashboard }: Scene): Promise<void> {
  tell.step('The technician looks at the vitals of the machine, and at what its log says of this session');
  await leaveShellFor('Vitals', dashboard);
  await dashboard.until('charts, each with its words', 'Processor', 'Memory', /% in ([2-9]|\d\d+) s/);
  tell.screen('the technician: tab Vitals', dashboard.text());
  dashboard.type('4');
  await dashboard.until('the events of the session', /(\d+ events of this session)/);
  tell.screen('the technician: tab Audit', dashboard.text());
}

async function end({ setting, tell, prompt, dashboard, mirror }: Scene): Promise<void> {
  tell.step('The person ends it, in the middle of a command that would never end');
  await openShell(dashboard);
  run(dashboard, ENDLESS);
  await dashboard.until('the output of the command', /(still here\s+still here)/);
  // Only what the daemon starts for a session knows of it, and only ours has this home.
  const sessionProcesses = () => processesWith('CHAPERONE_SESSION=', `HOME=${setting.home}`);
  const before = sessionProcesses();
  const pressed = performance.now();
  prompt.type('e');
  await dashboard.until('the end, on the screen of the technician', '■ ENDED', 'The session is over');
  const took = Math.round(performance.now() - pressed);
  tell.screen('the technician', dashboard.text());
  tell.say(`From the key that the person pressed to the end on the technician's screen: ${took} ms.`);
  await prompt.until('that nobody is connected', `Ended: ${TECHNICIAN}`, 'Nobody is connected.');
  await mirror.until('the receipt', 'HAS ENDED', 'Nothing that they started is still running.');
  const after = sessionProcesses();
  if (before === null || after === null) return;
  if (before.length === 0) throw new NotAsPromised('processes of the session while it lived', 'none');
  if (after.length > 0)
    throw new NotAsPromised('no process of the session to survive it', after.map(({ command }) => command).join('\n'));
  tell.say(`Processes of the session: ${before.length} before, none after.`);
}

async function readReceipts({ tell, dashboard, mirror }: Scene): Promise<void> {
  tell.step('Both get the receipt');
  tell.screen('the machine: chaperoned watch', mirror.text());
  await dashboard.until('the way to the receipt', 'Enter  show the receipt'); // not at once: Enter was meant for the shell
  dashboard.press('Enter');
  await dashboard.until('the receipt', 'Receipt', 'the signature holds', TECHNICIAN);
  tell.screen('the technician', dashboard.text());
}

async function checkRecords({ setting, tell }: Scene): Promise<void> {
  tell.step('The receipt, both records and the recording hold');
  const [{ session }] = Sessions.parse(JSON.parse(await setting.run('chaperone', 'sessions', '--json')));
  const machine = setting.sessionDirectory('machine', session);
  const technician = setting.sessionDirectory('technician', session);
  const recording = join(machine, 'shell-1.cast');
  const [receipt, ours, theirs, list, replayed] = await Promise.all([
    setting.run('chaperone', 'receipt', session),
    setting.run('chaperoned', 'audit', 'verify'),
    setting.run('chaperone', 'audit', 'verify'),
    setting.run('chaperone', 'audit', 'list'),
    setting.run('chaperone', 'replay', recording, '--plain'),
  ]);

  tell.command(`chaperone receipt ${session.slice(0, ID_SHOWN)}`, receipt.split('\n')[0] ?? '');
  if (!readFileSync(join(machine, 'receipt.note')).equals(readFileSync(join(technician, 'receipt.note')))) {
    throw new NotAsPromised('the same receipt on both sides', 'two receipts that differ');
  }
  tell.say('The machine keeps the same receipt, byte for byte.');

  expectWords('the record of the machine to verify', ours, 'The record is whole');
  tell.command('chaperoned audit verify', ours.replaceAll(setting.root, '…'));
  expectWords('the record of the technician to verify', theirs, 'The record is whole');
  tell.command('chaperone audit verify', theirs.replaceAll(setting.root, '…'));
  tell.command('chaperone audit list', list);

  expectWords('the recording to hold what was seen', unstyled(replayed), COMMAND, ANSWER, 'still here');
  tell.command('chaperone replay …/shell-1.cast --plain', unstyled(replayed));
  if (findProgram('asciinema') === undefined) return;
  // It asks for a terminal, and closes it too soon to be read.
  const foreign = setting.window(PERSON_SIZE, 'sh', '-c', 'asciinema cat "$0"; read -r _', recording);
  await foreign.until('the recording, played by asciinema', COMMAND, ANSWER, 'still here');
  tell.screen('asciinema cat …/shell-1.cast (a program that is not ours)', foreign.text());
}

function expectWords(expected: string, seen: string, ...words: readonly string[]): void {
  if (!words.every((word) => seen.includes(word))) throw new NotAsPromised(expected, seen);
}
