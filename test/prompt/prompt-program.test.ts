// `chaperoned prompt` in a real terminal, against a real socket.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeWith } from '../requires.ts';
import { question } from './in-memory-machine.ts';
import { itIsAPrompter, type PromptedPerson } from './prompter-compliance.ts';
import { ServedMachine } from './served-machine.ts';
import type { TmuxWindow } from './tmux-window.ts';

const ARMS_AFTER_MS = 250; // short, and long enough to be seen
const TITLE = 'SOMEONE ASKS';

/** The question with its choices armed: the sentence that asks to read first has gone. */
const armed = (text: string): boolean => text.includes(TITLE) && !text.includes('Please read first');

/**
 * The question once the desk takes an answer. Its clock starts when this process hears that the question is on screen,
 * and this process stands still while tmux is asked something.
 */
async function answerable(window: TmuxWindow): Promise<string> {
  const screen = await window.until(armed);
  await sleep(ARMS_AFTER_MS);
  return screen;
}

/**
 * Before a question is asked: resolves when the program itself has drawn for the small window. tmux is ready earlier, and
 * a question that came in between would be on screen, large as it was.
 */
async function makeTooSmall(window: TmuxWindow): Promise<void> {
  window.resize(30, 6);
  await window.until(/^ CHAPERONE +front-desk-2$/m); // to the right edge of what is seen: not a part of the former picture
}

async function served(armsAfterMs = ARMS_AFTER_MS) {
  const stack = new AsyncDisposableStack();
  const host = stack.use(await ServedMachine.start(armsAfterMs));
  const open = async (cols = 80, rows = 24, env = {}): Promise<TmuxWindow> => {
    const window = stack.use(host.window(['prompt'], { cols, rows, env }));
    await window.until('One-time code');
    return window;
  };
  return { host, machine: host.machine, open, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function arrive(): Promise<PromptedPerson> {
  const stack = new AsyncDisposableStack();
  const { machine, open } = stack.use(await served());
  const window = await open();
  return {
    machine,
    readQuestion: () => answerable(window),
    seeNone: () => window.until('One-time code').then(() => undefined),
    allow: async () => window.press('Tab', 'Tab', 'Enter'),
    allowWithout: async (scope) => {
      expect(scope).toBe('shell');
      window.press('Down', 'Space', 'Tab', 'Enter');
    },
    deny: async () => window.press('Escape'),
    insist: async () => window.press('Tab', 'Tab', 'Enter'),
    kill: async () => window.signal('SIGKILL'),
    cover: () => makeTooSmall(window),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describeWith('tmux', 'the prompt program', () => {
  itIsAPrompter(arrive);

  it('shows who asks, for what, and what it allows, at 60×15', async () => {
    await using at = await served();
    const window = await at.open(60, 15);
    void at.machine.ask(question({ notices: ['The shell is not walled off.'] }));
    const screen = await window.until(armed);
    for (const words of [
      'Dana Roe · technician, Clinic IT',
      'Listed by your administrator',
      '+1 555 0100',
      'the printer on floor 2 prints blank pages',
      'T-1001',
      '[x] Run health checks',
      'Nothing is changed.',
      '[x] Type commands',
      '[ Allow ]',
      '[ Do not allow ]',
      'left to answer',
    ]) {
      expect(screen).toContain(words);
    }
  });

  it('does nothing before the question is armed but say so', async () => {
    await using at = await served(60_000);
    const window = await at.open();
    const answer = at.machine.ask(question());
    await window.until(TITLE);
    window.press('Tab', 'Tab', 'Enter', 'Space');
    const screen = await window.until('One moment: please read first');
    expect(screen).toContain('▶[x] Run health checks');
    window.press('Escape');
    expect(await answer).toMatchObject({ kind: 'declined' });
  });

  it('discards what was typed before the question appeared, even while the program stood still', async () => {
    await using at = await served();
    const window = await at.open();
    window.signal('SIGSTOP');
    window.press('Tab', 'Tab', 'Enter');
    const answer = at.machine.ask(question());
    window.signal('SIGCONT');
    await window.until(armed);
    expect(at.machine.desk.asking).not.toBeNull();
    window.press('Escape');
    expect(await answer).toMatchObject({ kind: 'declined' });
  });

  it('discards what was typed while the program stood still with the question on screen', async () => {
    await using at = await served(1000);
    const window = await at.open();
    const answer = at.machine.ask(question());
    await window.until(TITLE);
    window.signal('SIGSTOP');
    window.press('Tab', 'Tab', 'Enter');
    await sleep(1500); // past the time after which keys would count
    window.signal('SIGCONT');
    await window.until(armed);
    expect(at.machine.desk.asking).not.toBeNull();
    window.press('Escape');
    expect(await answer).toMatchObject({ kind: 'declined' });
  });

  it('gives time to read again after the program stood still', async () => {
    await using at = await served(1000);
    const window = await at.open();
    void at.machine.ask(question());
    await window.until(armed);
    window.signal('SIGSTOP');
    window.signal('SIGCONT');
    await window.until('Please read first');
    await window.until(armed);
  });

  it('cannot be accepted by typing or pasting into the wrong window', async () => {
    await using at = await served();
    const window = await at.open();
    const answer = at.machine.ask(question());
    await window.until(armed);
    window.type('yes please allow all of it\ny\n \nallow\n');
    await window.until('Space ticks. Tab moves on to Allow.');
    window.paste('\tallow\r\t\t\r');
    await window.until('Pasted text is not an answer.');
    window.press('Escape');
    expect(await answer).toMatchObject({ kind: 'declined' });
  });

  it('says no when its window is closed, when it is told to stop, and when Ctrl-C is pressed', async () => {
    await using at = await served();
    for (const leave of [
      (window: TmuxWindow) => window[Symbol.dispose](),
      (window: TmuxWindow) => window.signal('SIGTERM'),
      (window: TmuxWindow) => window.press('C-c'),
    ]) {
      const window = await at.open();
      const answer = at.machine.ask(question());
      await window.until(armed);
      leave(window);
      expect(await answer).toMatchObject({ kind: 'declined' });
      window[Symbol.dispose]();
    }
  });

  it('is not shown in a window that is too small, until that is made larger', async () => {
    await using at = await served();
    const window = await at.open();
    await makeTooSmall(window);
    const answer = at.machine.ask(question());
    await window.until('too small');
    expect(at.machine.asked).toEqual(['prompted']);
    window.resize(80, 24);
    await answerable(window);
    expect(at.machine.asked).toEqual(['prompted', 'displayed']);
    window.press('Tab', 'Tab', 'Enter');
    expect(await answer).toMatchObject({ kind: 'allowed' });
  });

  it('can still be answered after a key was pressed while the window was too small', async () => {
    await using at = await served();
    const window = await at.open();
    const answer = at.machine.ask(question());
    await answerable(window);
    window.resize(30, 6);
    await window.until('too small');
    window.press('x');
    window.resize(80, 24);
    await window.until(TITLE);
    window.press('Tab', 'Tab', 'Enter');
    expect(await answer).toMatchObject({ kind: 'allowed' });
  });

  it('keeps everything in sight through every resize', async () => {
    await using at = await served();
    const window = await at.open();
    void at.machine.ask(question({}, ['diagnostics', 'shell', 'shell.admin']));
    await window.until(armed);
    for (const [cols, rows] of [
      [120, 40],
      [60, 15],
      [40, 12],
      [100, 20],
      [80, 24],
    ] as const) {
      window.resize(cols, rows);
      const screen = await window.until(
        (text) => window.flag('window_width') === String(cols) && /Allow \]/.test(text) && text.includes('Dana Roe'),
      );
      expect(screen.split('\n').length).toBeLessThanOrEqual(rows);
      expect(screen.match(/left to answer/g)).toHaveLength(1);
    }
  });

  it('shows the number and the code, and a new code when there is one', async () => {
    await using at = await served();
    const window = await at.open();
    expect(await window.until('27-harbor-violet')).toContain('482 913 077');
    await at.machine.newCode();
    await window.until('28-harbor-violet');
    window.press('n');
    await window.until('29-harbor-violet');
    at.machine.expiresInMs = 30_000;
    await at.machine.newCode();
    await window.until('read it out quickly');
  });

  it('shows the fingerprint of this computer to whoever wants to read it out', async () => {
    await using at = await served();
    const window = await at.open();
    expect(window.text()).not.toContain('SHA256');
    window.press('f');
    const screen = await window.until(`SHA256:${'B'.repeat(43)}`);
    expect(screen).toContain('SHA256: BBBB BBBB');
    expect(screen).toContain('27-harbor-violet');
    window.press('f');
    await window.until((text) => !text.includes('SHA256'));
  });

  it('hides nothing behind the fingerprint that a key would do', async () => {
    await using at = await served();
    const window = await at.open();
    window.press('f');
    await window.until('SHA256');
    at.machine.open({ scopes: ['diagnostics'], addable: ['shell'] });
    const screen = await window.until('SOMEONE IS CONNECTED');
    expect(screen).not.toContain('SHA256');
    window.press('f');
    window.press('w');
    expect(await window.until('Take back: 1 run health checks')).not.toContain('SHA256');
    window.press('x');
    window.press('q');
    await window.until('Someone is still connected');
    window.press('a');
    await window.until('Allow: ');
  });

  it('shows the address beside the number when other computers reach it', async () => {
    await using at = await served();
    at.machine.listen = ['127.0.0.1:2200', '192.168.1.20:2200'];
    const window = await at.open();
    expect(window.text()).toContain('If they ask for the address: 192.168.1.20:2200');
    expect(window.text()).not.toContain('127.0.0.1');
  });

  it('shows who is connected, and pauses, resumes and ends with one key', async () => {
    await using at = await served();
    const window = await at.open(60, 15);
    await window.until('Nobody is connected.');
    const session = at.machine.open();
    await window.until('Dana Roe (technician, Clinic IT) is connected');
    window.press('p');
    await window.until('is PAUSED');
    expect(at.machine.sessions[0]?.state).toBe('paused');
    window.press('r');
    await window.until('is connected');
    window.press('q');
    await window.until('Someone is still connected');
    window.press('e');
    await window.until('Ended: Dana Roe.');
    expect(at.machine.sessions).not.toContain(session);
  });

  it('shows the receipt of the last session to whoever asks for it, and the code again after it', async () => {
    await using at = await served();
    const window = await at.open();
    window.press('l');
    const { id } = at.machine.open();
    await window.until('SOMEONE IS CONNECTED');
    expect(window.text()).not.toContain('Last receipt');
    window.press('e');
    await window.until('Ended: Dana Roe.');
    for (const watcher of at.machine.watchers) watcher.onReceipt(id, 'no note at all');
    await window.until('Last receipt');
    window.press('l');
    expect(await window.until('THE RECEIPT IS NOT SOUND')).not.toContain('27-harbor-violet');
    window.press('Escape');
    await window.until('27-harbor-violet');
    window.press('l');
    await window.until('THE RECEIPT IS NOT SOUND');
    at.machine.open();
    await window.until('SOMEONE IS CONNECTED');
  });

  it('shows what a technician writes, and lets the person answer with one key', async () => {
    await using at = await served();
    const window = await at.open();
    const session = at.machine.open();
    await window.until('SOMEONE IS CONNECTED');
    at.machine.write(session, 'which printer\x1b[2J is it?');
    expect(await window.until('C answers')).toMatch(/Dana Roe: which printer.* is it\?/);
    window.press('c');
    await window.until('Write to Dana Roe:');
    window.type('the next one\r');
    await window.until('Sent to Dana Roe.');
    expect(at.machine.said).toEqual(['the next one']);
    expect(at.machine.sessions[0]?.state).toBe('active');
  });

  it('takes nothing for an answer that goes on being written when a question comes', async () => {
    await using at = await served(1500);
    const window = await at.open();
    at.machine.open();
    await window.until('SOMEONE IS CONNECTED');
    window.press('c');
    await window.until('Write to Dana Roe:');
    window.type('half a ');
    await window.until('half a');
    const answer = at.machine.ask(question());
    await window.until(TITLE);
    for (let time = 0; time < 6; time += 1) {
      window.type('e \r');
      await sleep(300); // together longer than the time after which keys would count
    }
    expect(window.text()).toMatch(/please read first/i);
    expect(window.text()).toContain('[x] Run health checks');
    expect(at.machine.desk.asking).not.toBeNull();
    expect(at.machine.sessions[0]?.state).toBe('active');
    window.press('Escape');
    expect(await answer).toMatchObject({ kind: 'declined' });
    await window.until('half a');
    expect(at.machine.said).toEqual([]);
  });

  it('says at once who has left, and leaves nothing on the screen that is over', async () => {
    await using at = await served();
    const window = await at.open();
    void at.machine.ask(question());
    await answerable(window);
    window.press('Tab', 'Tab', 'Enter');
    at.machine.open();
    const screen = await window.until('SOMEONE IS CONNECTED');
    expect(screen).toContain('You allowed Dana Roe');
    expect(screen.indexOf('Dana Roe (technician, Clinic IT) is connected')).toBeLessThan(
      screen.indexOf('One-time code'),
    );
    window.press('q');
    await window.until('Someone is still connected');
    await at.machine.end(null);
    const after = await window.until('Dana Roe (technician, Clinic IT) is not connected any more');
    expect(after).not.toMatch(/You allowed|is still connected|SOMEONE/);
  });

  it('gives the terminal back on every way out', async () => {
    await using at = await served();
    const ways: [string, (window: TmuxWindow) => void | Promise<void>][] = [
      ['exit status 0', (window) => window.press('q')],
      ['exit status 0', (window) => window.press('C-c')],
      ['exit status 0', (window) => window.signal('SIGTERM')],
      ['exit status 0', (window) => window.signal('SIGHUP')],
      ['exit status 4', () => at.host.stop()],
    ];
    for (const [status, leave] of ways) {
      const window = await at.open();
      expect(window.flag('alternate_on')).toBe('1');
      await leave(window);
      await window.until(`${status}, icanon`);
      expect(window.flag('alternate_on')).toBe('0');
      expect(window.flag('cursor_flag')).toBe('1');
    }
  });

  it('uses no colour when none is wanted', async () => {
    for (const [env, expected] of [
      [{}, true],
      [{ NO_COLOR: '1' }, false],
    ] as const) {
      await using at = await served();
      const window = await at.open(80, 24, env);
      void at.machine.ask(question({ notices: ['A warning.'] }));
      await window.until(armed);
      expect(/\x1b\[[0-9;]*3[0-7]m/.test(window.styled())).toBe(expected);
    }
  });

  it('says how to start the daemon when it does not run', async () => {
    await using at = await served();
    await at.host.stop();
    const window = at.host.window(['prompt']);
    using _ = window;
    const screen = await window.until('exit status');
    expect(screen).toContain('Chaperone is not running on this computer');
    expect(screen).toContain('chaperoned start');
    expect(screen).toContain('exit status 4');
  });
});
