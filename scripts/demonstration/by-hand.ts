// The demonstration by hand: one tmux window with the machine at the left and the technician at the right, each with
// its program in front and a shell behind it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASON, TICKET } from './acts.ts';
import { NotAsPromised } from './failure.ts';
import type { Setting } from './setting.ts';

/** Cells. A dashboard needs 60 columns and a question 36; the bar at the bottom and the titles take a row each. */
const LEAST_BESIDE = 104;
const LEFT = { share: 0.42, least: 42, most: 82 } as const;
const LEAST_WITH_MIRROR = 44; // rows: 24 for the question, the rest for the mirror below it

const MACHINE_HINT =
  'This is the machine. Try: chaperoned status, chaperoned watch, chaperoned audit verify, chaperoned prompt';
const TECHNICIAN_HINT = 'This is the technician. Try: chaperone sessions, chaperone audit verify, chaperone';

/** Resolves when the two windows are closed or F4 was pressed. */
export async function playByHand(setting: Setting): Promise<void> {
  const { root, address, hostKey } = setting;
  const cols = process.stdout.columns ?? 80;
  const rows = process.stdout.rows ?? 24;
  const beside = cols >= LEAST_BESIDE;
  const withMirror = beside && rows >= LEAST_WITH_MIRROR;
  const left = Math.max(LEFT.least, Math.min(LEFT.most, Math.floor(cols * LEFT.share)));
  const machine = script(setting, 'person', ['chaperoned', 'prompt'], MACHINE_HINT);
  const mirror = script(setting, 'mirror', ['chaperoned', 'watch'], MACHINE_HINT);
  const request = ['--reason', REASON, '--ticket', TICKET, '--fingerprint', hostKey];
  const technician = script(setting, 'technician', ['chaperone', 'connect', address, ...request], TECHNICIAN_HINT);

  const configuration = join(root, 'tmux.conf');
  writeFileSync(configuration, settings(beside, withMirror));
  const tmux = ['-u', '-f', configuration, '-S', join(root, 'tmux')];
  const title = (words: string): string[] => [';', 'select-pane', '-T', words];
  const commands = [
    ['new-session', '-x', `${cols}`, '-y', `${rows}`, '-n', 'machine', machine],
    title('THE MACHINE: the person in front of it'),
    ...(withMirror
      ? [[';', 'split-window', '-v', '-l', `${rows - 28}`, mirror], title('THE MACHINE: what the technician does')]
      : []),
    ...(beside
      ? [[';', 'split-window', '-h', '-f', '-l', `${cols - left - 1}`, technician], title('THE TECHNICIAN')]
      : [[';', 'new-window', '-n', 'technician', technician]]),
    ...(withMirror ? [] : [[';', 'new-window', '-d', '-n', 'watch', mirror]]),
    [';', 'select-window', '-t', '1'],
  ];
  const { TMUX: _, ...outside } = process.env; // the person may sit in a tmux of their own
  const child = spawn('tmux', [...tmux, ...commands.flat()], {
    env: { ...outside, ...setting.environment, TERM: process.env.TERM ?? 'xterm' },
    cwd: setting.home,
    stdio: 'inherit',
  });
  setting.onEnd(async () => {
    child.kill();
    const end = spawn('tmux', [...tmux, 'kill-server'], { stdio: 'ignore' });
    await once(end, 'close');
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new NotAsPromised('tmux to show both sides', `tmux ended with ${code}`);
}

/** A program and, when it is left, a shell in its place. */
function script({ root }: Setting, name: string, argv: readonly string[], hint: string): string {
  const file = join(root, name);
  const quoted = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const lines = [
    '#!/bin/sh',
    quoted,
    `echo; echo '${hint}'; echo 'To leave: exit'`,
    `PS1='${name}$ ' exec bash --norc`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o700 });
  return file;
}

/**
 * What tmux shows around the programs: titles, and one line that says what to type. The keys that it names have no
 * prefix: whoever sits in a tmux of their own would send the prefix to that one.
 */
function settings(beside: boolean, withMirror: boolean): string {
  // tmux numbers panes as they are made. Without them a direction may lead to the mirror, which takes no answer.
  const [person, technician] = ['%0', withMirror ? '%2' : '%1'];
  const todo = beside
    ? 'Right: the code shown left, Enter. Left: Tab until ▶ is at Allow, Enter. E at the left ends it.'
    : "Technician: the machine's code, Enter. Machine: Tab until ▶ is at Allow, Enter.";
  const ways = beside ? 'F2 or a click: change sides' : 'Here: #{window_name} · F2: change sides';
  const look = withMirror ? '' : ' · F3: watch';
  const change = beside
    ? `if-shell -F '#{==:#{pane_id},${technician}}' 'select-window -t :1 ; select-pane -t ${person}' 'select-window -t :1 ; select-pane -t ${technician}'`
    : "if-shell -F '#{==:#{window_index},2}' 'select-window -t :1' 'select-window -t :2'";
  const directions = beside
    ? `bind-key Left select-pane -t ${person}\nbind-key Right select-pane -t ${technician}\n`
    : '';
  return `set -g default-terminal screen-256color
set -g mouse on
set -g escape-time 25
set -g base-index 1
set -g history-limit 2000
set -g allow-rename off
set -g automatic-rename off
set -g pane-border-status ${beside ? 'top' : 'off'}
set -g pane-border-format ' #{pane_title} '
set -g status-style reverse
set -g status-format[0] " ${todo}"
set -g status-format[1] " ${ways}${look} · F4: leave"
set -g status 2
bind-key -n F2 ${change}
${withMirror ? '' : `bind-key -n F3 select-window -t :watch\n`}bind-key -n F4 detach-client
bind-key q detach-client
${directions}`;
}
