// `chaperoned watch` in a real terminal, against a real socket.

import { expect, it } from 'vitest';
import type { SessionView } from '../../daemon/local/controls.ts';
import type { MirrorFrame } from '../../daemon/mirror/frame.ts';
import { describeWith } from '../requires.ts';
import { DANA } from './in-memory-machine.ts';
import { ServedMachine } from './served-machine.ts';
import type { TmuxWindow } from './tmux-window.ts';

/** A shell of `cols`×`rows` whose rows say which they are; the cursor stands behind the last. */
function shell(cols: number, rows: number): MirrorFrame {
  const lines = Array.from({ length: rows }, (_, y) => `\x1b[0;32mrow ${y}\x1b[0m ${'.'.repeat(cols - 12)} end`);
  return { cols, rows, lines, cursor: { x: 6, y: rows - 1, visible: true } };
}

async function watched(cols = 80, rows = 24, options: { plain?: boolean; env?: Record<string, string> } = {}) {
  const stack = new AsyncDisposableStack();
  const host = stack.use(await ServedMachine.start());
  const session = host.machine.open();
  const command = options.plain === true ? ['watch', '--plain'] : ['watch'];
  const window: TmuxWindow = stack.use(host.window(command, { cols, rows, env: options.env ?? {} }));
  await window.until('Dana Roe');
  const watcher = [...host.machine.watchers][0];
  if (watcher === undefined) throw new Error('nobody watches');
  const views = (): SessionView[] => host.machine.sessions;
  return { host, window, session, watcher, views, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describeWith('tmux', 'the watch program', () => {
  it.each([
    [60, 15],
    [80, 24],
    [120, 40],
  ])('shows who is connected, what they see and what happened at %i×%i', async (cols, rows) => {
    await using at = await watched(cols, rows);
    at.watcher.onFrame(at.session.id, 0, shell(50, 4));
    at.watcher.onNotice(at.session.id, 'The technician runs a health check: memory.');
    const screen = await at.window.until((text) => text.includes('row 3') && text.includes('health check: memory'));
    for (const words of [
      'WATCHING Dana Roe (technician, Clinic IT)',
      'CONNECTED since',
      'recorded',
      'type commands',
      'P  Pause',
      'Q  Leave',
    ]) {
      expect(screen).toContain(words);
    }
    expect(screen).toContain('row 0');
  });

  it('shows the part with the cursor, and says so, when their screen is larger', async () => {
    await using at = await watched(60, 15);
    at.watcher.onFrame(at.session.id, 0, shell(100, 30));
    const screen = await at.window.until('row 29');
    expect(screen).toContain('a part of it: theirs is 100×30');
    expect(screen).not.toContain('row 1 ');
    for (const row of screen.split('\n')) expect(row.length).toBeLessThanOrEqual(60);
    expect(at.window.flag('cursor_x')).toBe('6');
  });

  it('pauses, resumes and ends with one key', async () => {
    await using at = await watched();
    at.window.press('p');
    await at.window.until('‖ PAUSED');
    expect(at.views()[0]?.state).toBe('paused');
    at.window.press('r');
    await at.window.until('● CONNECTED');
    expect(at.views()[0]?.state).toBe('active');
    at.window.press('e');
    await at.window.until('■ ENDED: the person at the machine ended the session');
    expect(at.views()).toEqual([]);
  });

  it('does not end the session when it is left while another window shows it, and says so', async () => {
    await using at = await watched();
    using prompt = at.host.window(['prompt']);
    await prompt.until('is connected');
    at.window.press('q');
    const screen = await at.window.until('exit status 0');
    expect(screen).toContain('The session goes on.');
    expect(screen).toContain('chaperoned end');
    expect(at.views()[0]?.state).toBe('active');
  });

  it('warns before it is left as the last window that shows the session', async () => {
    await using at = await watched();
    at.window.press('q');
    await at.window.until('This is the only window that shows the session.');
    at.window.press('x');
    await at.window.until('The keys below work here');
    at.window.press('q');
    await at.window.until('This is the only window that shows the session.');
    at.window.press('q');
    await at.window.until('exit status 0');
  });

  it('sends a line to the technician, and no key of it does anything else', async () => {
    await using at = await watched();
    at.window.press('c');
    await at.window.until('Write to the technician:');
    at.window.type('please end it, q');
    await at.window.until('please end it, q');
    at.window.press('Enter');
    await at.window.until('Sent to Dana Roe.');
    expect(at.host.machine.said).toEqual(['please end it, q']);
    expect(at.views()[0]?.state).toBe('active');
    at.window.press('c');
    at.window.type('never mind');
    at.window.press('Escape');
    await at.window.until((text) => !text.includes('never mind'));
    expect(at.host.machine.said).toHaveLength(1);
  });

  it('goes from one technician to the next', async () => {
    await using at = await watched();
    at.host.machine.open({ technician: { ...DANA, name: 'Jörg Müller' } });
    await at.window.until('Jörg Müller is connected too.');
    at.window.press('Tab');
    await at.window.until('WATCHING 2/2 Jörg Müller');
    at.window.press('e');
    await at.window.until('■ ENDED');
    expect(at.views().map(({ technician }) => technician.name)).toEqual(['Dana Roe']);
  });

  it('shows the receipt at the end, and says when it is not sound', async () => {
    await using at = await watched();
    at.window.press('e');
    await at.window.until('■ ENDED');
    at.watcher.onReceipt(at.session.id, 'no note at all');
    await at.window.until('THE RECEIPT IS NOT SOUND');
  });

  it('lets nothing of the shell drive this terminal', async () => {
    await using at = await watched();
    const hostile = shell(60, 3);
    const lines = [
      '\x1b]0;owned\x07a\x1b[2J\x1b[1;1Hb',
      '\x1b[?1049lc\x1b[6n\x1b]52;c;aGk=\x1b\\',
      '\x9b2Jd\x00\x08\x1bc',
    ];
    at.watcher.onFrame(at.session.id, 0, { ...hostile, lines });
    at.watcher.onNotice(at.session.id, '\x1b[2J\x1b]0;owned\x07noticed\u202e');
    const screen = await at.window.until('noticed');
    expect(screen).toContain('WATCHING Dana Roe');
    expect(at.window.flag('pane_title')).not.toContain('owned');
    expect(at.window.flag('alternate_on')).toBe('1');
  });

  it('gives the terminal back on every way out', async () => {
    const ways: [string, (at: Awaited<ReturnType<typeof watched>>) => void | Promise<void>][] = [
      ['exit status 0', ({ window }) => window.press('C-c')],
      ['exit status 0', ({ window }) => window.signal('SIGTERM')],
      [
        'exit status 4',
        async ({ host, window }) => {
          await host.stop();
          expect(await window.until('Chaperone has stopped')).toContain('ENDED');
          window.press('q');
        },
      ],
    ];
    for (const [status, leave] of ways) {
      await using at = await watched();
      await leave(at);
      await at.window.until(`${status}, icanon`);
      expect(at.window.flag('alternate_on')).toBe('0');
      expect(at.window.flag('cursor_flag')).toBe('1');
    }
  });

  it('follows every resize', async () => {
    await using at = await watched();
    at.watcher.onFrame(at.session.id, 0, shell(80, 24));
    for (const [cols, rows] of [
      [120, 40],
      [60, 15],
      [80, 24],
    ] as const) {
      at.window.resize(cols, rows);
      await at.window.until(
        (text) =>
          at.window.flag('window_width') === String(cols) && text.includes('row 23') && text.includes('Q  Leave'),
      );
    }
  });

  it('uses no colour when none is wanted, not even that of the shell', async () => {
    await using at = await watched(80, 24, { env: { NO_COLOR: '1' } });
    at.watcher.onFrame(at.session.id, 0, shell(50, 4));
    await at.window.until('row 3');
    expect(at.window.styled()).not.toMatch(/\x1b\[[0-9;]*3[0-7]m/);
  });

  it('tells everything line by line where no cursor can be placed', async () => {
    await using at = await watched(80, 40, { env: { TERM: 'dumb' } });
    expect(at.window.flag('alternate_on')).toBe('0');
    at.watcher.onNotice(at.session.id, 'The technician runs a health check: memory.');
    at.watcher.onFrame(at.session.id, 0, { ...shell(50, 1), lines: ['\x1b[32m$ lpstat -p\x1b[0m'] });
    await at.window.until('Screen: $ lpstat -p');
    at.window.type('say it is off\r');
    at.window.type('pause\r');
    await at.window.until('PAUSED');
    at.window.type('end\r');
    const screen = await at.window.until('ended: the person');
    expect(screen).toContain('health check: memory');
    expect(at.host.machine.said).toEqual(['it is off']);
    at.window.type('quit\r');
    await at.window.until('exit status 0, icanon');
  });
});
