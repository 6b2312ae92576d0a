import { describe, expect, it } from 'vitest';
import { InputRouter, type RawReceiver } from './input-router.ts';

/** A router whose dashboard gives the keyboard to the shell on Enter, as the Shell tab does. */
function desk() {
  const log: string[] = [];
  const shell: RawReceiver = {
    typed: (bytes) => log.push(`shell ${JSON.stringify(bytes.toString())}`),
    pasted: (bytes, { first, last }) => log.push(`paste ${first}/${last} ${JSON.stringify(bytes.toString())}`),
    left: () => log.push('left'),
  };
  let settled = () => {};
  const router = new InputRouter({
    onKey: ({ name, text }) => {
      if (name === 'Z') return settled();
      log.push(name === 'paste' ? `key paste ${JSON.stringify(text)}` : `key ${name}`);
      if (name === 'enter') router.give(shell);
    },
  });
  const type = (bytes: string) => router.push(Buffer.from(bytes));
  /** Types a last `Z` and resolves when the dashboard got it, so all before it was handled. */
  const end = () =>
    new Promise<string[]>((resolve) => {
      settled = () => resolve(log);
      type('Z');
    });
  return { log, router, shell, type, end };
}

describe('the keyboard', () => {
  it('belongs to the dashboard until it is given to a shell, even inside one chunk', async () => {
    const { type, end } = desk();
    type('ab\rls\r\x1d?');
    expect(await end()).toEqual(['key a', 'key b', 'key enter', 'shell "ls\\r"', 'left', 'key ?']);
  });

  it('reaches the shell as raw bytes: control keys, sequences, UTF-8', async () => {
    const { log, router, shell, type } = desk();
    router.give(shell);
    type('\x03\x1a\x04\x1b[A\x1bOP漢');
    expect(log).toEqual(['shell "\\u0003\\u001a\\u0004"', 'shell "\\u001b[A"', 'shell "\\u001bOP"', 'shell "漢"']);
  });

  it('is back with one reserved key, wherever it stands', async () => {
    const { router, shell, type, end } = desk();
    router.give(shell);
    type('ab\x1dq');
    expect(await end()).toEqual(['shell "ab"', 'left', 'key q']);
  });

  it('is not given back by a paste that contains the reserved key', async () => {
    const { log, router, shell, type } = desk();
    router.give(shell);
    type('\x1b[200~rm\x1dx\x1b[201~y');
    expect(log).toEqual(['paste true/true "rm\\u001dx"', 'shell "y"']);
  });

  it('gives a paste to a field as one thing, and only so much of it', async () => {
    const { type, end } = desk();
    type('\x1b[200~two\nlines\x1b[201~');
    type(`\x1b[200~${'x'.repeat(200_000)}\x1b[201~`);
    const log = await end();
    expect(log[0]).toBe('key paste "two\\nlines"');
    expect(log[1]?.length).toBeLessThan(70_000);
  });

  it('hands the lone Escape key on after a short silence', async () => {
    const escaped = await new Promise((resolve) => {
      const router = new InputRouter({ onKey: ({ name }) => resolve(name) });
      router.push(Buffer.from('\x1b'));
    });
    expect(escaped).toBe('esc');
  });

  it('is dead after disposal', async () => {
    const { log, router, type } = desk();
    type('ab');
    router[Symbol.dispose]();
    await new Promise(setImmediate);
    expect(log).toEqual(['key a']);
  });
});
