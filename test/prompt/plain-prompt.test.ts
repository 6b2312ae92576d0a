// `chaperoned prompt --plain`: line by line, for screen readers.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ALLOW_ARMS_AFTER_MS } from '../../protocol/consent.ts';
import { describeWith } from '../requires.ts';
import { question } from './in-memory-machine.ts';
import { itIsAPrompter, type PromptedPerson } from './prompter-compliance.ts';
import { ServedMachine } from './served-machine.ts';
import type { TmuxWindow } from './tmux-window.ts';

const ARMS_AFTER_MS = 250; // short, and long enough to be seen

async function served(armsAfterMs = ARMS_AFTER_MS) {
  const stack = new AsyncDisposableStack();
  const host = stack.use(await ServedMachine.start(armsAfterMs));
  const window: TmuxWindow = stack.use(host.window(['prompt', '--plain'], { cols: 80, rows: 250 }));
  await window.until('One-time code');
  return { machine: host.machine, host, window, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Asks again until the answer counts, which shows that the question is armed. */
async function armed(window: TmuxWindow, questions: number): Promise<string> {
  const asked = (text: string): number => text.split('No answer means no.').length - 1;
  await window.until((text) => asked(text) >= questions);
  for (;;) {
    const before = window.text();
    window.type('again\r');
    const after = await window.until(
      (text) => text.length > before.length && /(counts?\.|not count\.|the question again\.)$/m.test(text),
    );
    if (asked(after) > questions) return after;
  }
}

async function arrive(): Promise<PromptedPerson> {
  const stack = new AsyncDisposableStack();
  const { machine, host, window } = stack.use(await served());
  let shown = 0;
  return {
    machine,
    readQuestion: async () => {
      const screen = await armed(window, shown + 1);
      shown = screen.split('No answer means no.').length - 1;
      await sleep(ARMS_AFTER_MS); // the desk's clock starts when this process hears that the question is on screen
      return `SOMEONE ASKS\n${screen}`;
    },
    seeNone: () => window.until(/not let in|not ask any more/).then(() => undefined),
    allow: async () => window.type('allow\r'),
    allowWithout: async () => window.type('2\rallow\r'),
    deny: async () => window.type('deny\r'),
    insist: async () => window.type('allow\r'),
    kill: async () => window.signal('SIGKILL'),
    cover: async () => {
      window.signal('SIGSTOP');
      stack.defer(() => window.signal('SIGCONT'));
      expect(host.troubles).toEqual([]);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describeWith('tmux', 'the prompt line by line', () => {
  itIsAPrompter(arrive);

  it('places no cursor and uses no escape sequence', async () => {
    await using at = await served();
    void at.machine.ask(question());
    await at.window.until('No answer means no.');
    expect(at.window.flag('alternate_on')).toBe('0');
    expect(at.window.styled()).not.toContain('\x1b');
  });

  it('does not count what was typed before the question, not even half a line', async () => {
    await using at = await served();
    at.window.type('allow');
    await at.window.until(/^allow$/m);
    const answer = at.machine.ask(question());
    await at.window.until('No answer means no.');
    await sleep(1000); // past the time after which an answer counts
    at.window.type('\r');
    await armed(at.window, 1);
    expect(at.machine.desk.asking).not.toBeNull();
    at.window.type('deny\r');
    expect(await answer).toMatchObject({ kind: 'declined' });
  });

  it('does not count a line that was begun before the question, whatever its end is', async () => {
    await using at = await served();
    at.machine.open();
    at.window.type('say do you want me to ');
    await at.window.until('want me to');
    const answer = at.machine.ask(question());
    await at.window.until('No answer means no.');
    await sleep(ARMS_AFTER_MS * 2); // past the time after which an answer counts
    at.window.type('allow\r');
    await at.window.until('a line begun before this could be heard does not count.');
    expect(at.machine.desk.asking).not.toBeNull();
    expect(at.machine.said).toEqual([]);
    at.window.type('deny\r');
    expect(await answer).toMatchObject({ kind: 'declined' });
  });

  it('does not count a line that was begun before the question could be heard, even while somebody is connected', async () => {
    await using at = await served();
    at.machine.open({ addable: ['reboot'] });
    await at.window.until('is connected since');
    const answer = at.machine.ask(question({}, ['diagnostics']));
    await at.window.until('No answer means no.');
    at.window.type('allow'); // meant for the one who is connected, or too early for the one who asks
    await sleep(ARMS_AFTER_MS * 2); // past the time after which an answer counts
    at.window.type('\r');
    await at.window.until('a line begun before this could be heard does not count.');
    expect(at.machine.desk.asking).not.toBeNull();
    at.window.type('deny\r');
    expect(await answer).toMatchObject({ kind: 'declined' });
  });

  it('reads out what a technician writes, and sends the answer', async () => {
    await using at = await served();
    const session = at.machine.open();
    await at.window.until('is connected since');
    at.machine.write(session, 'which printer is it?');
    await at.window.until('Dana Roe: which printer is it?');
    at.window.type('say the next one\r');
    await at.window.until('Sent to Dana Roe.');
    expect(at.machine.said).toEqual(['the next one']);
  });

  it('says once that somebody is connected, and that nobody is when there is nobody to allow more', async () => {
    await using at = await served();
    at.window.type('allow\r');
    await at.window.until(/^Nobody is connected\.$/m);
    const session = at.machine.open({ state: 'granted' });
    await at.window.until('is connected since');
    await at.machine.resume(session.id); // they have come in
    at.machine.write(session, 'here I am');
    const text = await at.window.until('here I am');
    expect(text.split('is connected since')).toHaveLength(2);
  });

  it('reads the receipt out when a session has ended', async () => {
    await using at = await served();
    const { id } = at.machine.open();
    await at.window.until('is connected since');
    at.window.type('end\r');
    await at.window.until('Ended: Dana Roe.');
    for (const watcher of at.machine.watchers) watcher.onReceipt(id, 'no note at all');
    expect(await at.window.until('THE RECEIPT IS NOT SOUND')).toContain('RECEIPT.');
  });

  it('takes no other word for yes', async () => {
    await using at = await served();
    const answer = at.machine.ask(question());
    await armed(at.window, 1);
    for (const word of ['yes', 'ok', 'y', 'allow it', 'Allow all', '']) at.window.type(`${word}\r`);
    at.window.type('no\r');
    expect(await answer).toMatchObject({ kind: 'declined' });
  });

  it('gives no permission for lines in one burst or an empty line, and gives it for a word that comes later', async () => {
    await using at = await served();
    at.machine.open({ scopes: ['diagnostics'], addable: ['shell'] });
    await at.window.until('is connected since');
    at.window.type('allow\r4\r\r');
    await at.window.until('Nothing was changed.');
    at.window.type('allow\r4\rallow\r');
    await at.window.until(/please hear the question first/);
    await sleep(2 * ALLOW_ARMS_AFTER_MS);
    expect(at.machine.sessions[0]?.scopes).toEqual(['diagnostics']);
    at.window.type('allow\r');
    await at.window.until('can now also type commands');
  });

  it('says no when Ctrl-C, Ctrl-D or Esc is pressed', async () => {
    await using at = await served();
    for (const key of ['C-c', 'C-d', 'Escape']) {
      const answer = at.machine.ask(question({ reason: `with ${key}` }));
      await at.window.until(`Reason: with ${key}`);
      at.window.press(key);
      expect(await answer).toMatchObject({ kind: 'declined' });
    }
  });
});
