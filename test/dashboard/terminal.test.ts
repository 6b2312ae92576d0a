// The technician's terminal is as it was, however the dashboard is left, and nothing remote acts on it.

import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { DeskWindow } from './desk-window.ts';

const READY = 'leave the shell';
const FLAGS = [
  'alternate_on',
  'cursor_flag',
  'wrap_flag',
  'mouse_any_flag',
  'keypad_cursor_flag',
  'keypad_flag',
] as const;

async function restored(desk: DeskWindow): Promise<string> {
  const text = await desk.window.until('exit status');
  await desk.window.until('icanon');
  expect(text).not.toContain('-icanon');
  expect(FLAGS.map((flag) => `${flag} ${desk.window.flag(flag)}`)).toEqual([
    'alternate_on 0',
    'cursor_flag 1',
    'wrap_flag 1',
    'mouse_any_flag 0',
    'keypad_cursor_flag 0',
    'keypad_flag 0',
  ]);
  return desk.window.text();
}

describeWith('tmux', 'leaving restores the terminal', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
  ] as const)('after %s', async (signal, status) => {
    await using desk = await DeskWindow.open({ connected: true });
    await desk.window.until(READY);
    desk.window.signal(signal);
    expect(await restored(desk)).toContain(`exit status ${status}`);
  });

  it.each([
    ['an exception', 'throw', 'thrown on purpose'],
    ['a rejection', 'reject', 'rejected on purpose'],
  ] as const)('after %s, which is then readable', async (_, deed, words) => {
    await using desk = await DeskWindow.open({ connected: true });
    await desk.window.until(READY);
    await desk.deed(deed);
    expect(await restored(desk)).toContain(words);
  });

  it('after Ctrl-C on the start screen', async () => {
    await using desk = await DeskWindow.open();
    await desk.window.until('Machines');
    desk.window.press('C-c');
    expect(await restored(desk)).toContain('exit status 0');
  });

  it('while it is suspended, and takes it again afterwards', async () => {
    await using desk = await DeskWindow.open({ connected: true });
    const { window } = desk;
    await window.until(READY);
    window.signal('SIGTSTP');
    await window.until(() => window.flag('alternate_on') === '0' && window.flag('cursor_flag') === '1');
    await window.until(() => window.isStopped()); // told to go on before that, it would stop for ever
    window.signal('SIGCONT');
    await window.until((text) => text.includes(READY) && window.flag('alternate_on') === '1');
    window.type('echo again');
    window.press('Enter');
    await window.until(/^again$/m);
  });
});

describeWith('tmux', 'nothing remote acts on the terminal', () => {
  it('neither titles, clipboard, queries, modes nor the alternate screen', async () => {
    const attack = [
      '\\033]0;owned\\007', // title
      '\\033]52;c;b3duZWQ=\\007', // clipboard
      '\\033[c\\033[6n\\033]11;?\\007', // queries: a terminal would type its answer
      '\\033[?1000h\\033[?1049l\\033[20h', // mouse, leave the alternate screen, line feed mode
      '\\033P+q544e\\033\\\\', // DCS
      '\\033[1;1Hcorner', // the frame's corner, if it were the real terminal
      '\\033[5;5Hdone',
    ].join('');
    await using desk = await DeskWindow.open({
      connected: true,
      shell: ['sh', '-c', `printf '${attack}'; exec cat -v`],
    });
    const { window } = desk;
    const text = await window.until(/done/);
    expect(text.split('\n')[0]).toContain('LIVE front-desk-2');
    expect(text.split('\n')[3]).toMatch(/^corner/);
    expect(window.flag('pane_title')).not.toContain('owned');
    expect(window.flag('buffer_sample')).not.toContain('owned');
    expect(window.flag('mouse_any_flag')).toBe('0');
    expect(window.flag('alternate_on')).toBe('1');
  });

  it('nor chat lines', async () => {
    await using desk = await DeskWindow.open({ connected: true });
    const { window } = desk;
    await window.until(READY);
    window.press('C-]');
    await window.until('type in the shell');
    window.press('5');
    await window.until('leave the field');
    // The port should have cleaned it; the writer is the second lock.
    await desk.deed('say a\x1b]0;owned\x07b\x1b[2Jc');
    await window.until(/local user +abc/);
    expect(window.flag('pane_title')).not.toContain('owned');
  });
});

describeWith('tmux', 'terminals of all kinds', () => {
  it('TERM=dumb is refused in words', async () => {
    await using desk = await DeskWindow.open({ env: { TERM: 'dumb' } });
    const text = await desk.window.until('exit status');
    expect(text).toContain('cannot place text');
  });

  it('NO_COLOR has none, not even of the shell', async () => {
    await using desk = await DeskWindow.open({ connected: true, env: { NO_COLOR: '1' } });
    const { window } = desk;
    await window.until(READY);
    window.type("printf '\\033[31mred\\033[0m\\n'");
    window.press('Enter');
    await window.until(/^red$/m);
    expect(window.styled()).not.toMatch(/\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)[;m]/);
    expect(window.styled()).toMatch(/\x1b\[7m/);
  });

  it('CI=true does not silence it', async () => {
    await using desk = await DeskWindow.open({ env: { CI: 'true' } });
    await desk.window.until('Machines (2)');
  });

  it('a window made tiny says so, and the shell survives it', async () => {
    await using desk = await DeskWindow.open({ connected: true, shell: ['cat'] });
    const { window } = desk;
    await window.until(READY);
    window.type('still here');
    await window.until(/^still here/m);
    window.resize(20, 5);
    await window.until('window is too');
    window.resize(80, 24);
    await window.until(/^still here/m);
    expect(await window.until(READY)).not.toContain('closed');
  });
});
