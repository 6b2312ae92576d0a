import { describe, expect, it } from 'vitest';
import { ChaperoneError } from '../../../protocol/errors.ts';
import type { SessionSnapshot, ShellPort } from '../ports.ts';
import { ShellHolder, type ShellSession } from './shell-holder.ts';

/** A session whose shell opens when the test says so. */
function bench() {
  const typed: string[] = [];
  let output = (_: Uint8Array) => {};
  let changed = () => {};
  let state: SessionSnapshot['state'] = 'active';
  const closed = Promise.withResolvers<string>();
  const opening = Promise.withResolvers<ShellPort>();
  let disposed = 0;
  const port: ShellPort = {
    onOutput: (listener) => {
      output = listener;
    },
    pause: () => {},
    resume: () => {},
    write: (data) => typed.push(Buffer.from(data).toString()),
    resize: () => {},
    closed: closed.promise,
    [Symbol.dispose]: () => {
      disposed += 1;
    },
  };
  const session: ShellSession = {
    openShell: () => opening.promise,
    snapshot: () => ({ state }) as SessionSnapshot,
    onChange: (listener) => {
      changed = listener;
      return { [Symbol.dispose]: () => {} };
    },
  };
  const holder = new ShellHolder(session, () => {});
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
  return {
    holder,
    typed,
    settle,
    print: (text: string) => output(Buffer.from(text)),
    open: async () => {
      const done = holder.open();
      opening.resolve(port);
      await done;
    },
    refuse: (error: Error) => opening.reject(error),
    close: (words: string) => closed.resolve(words),
    become: (next: SessionSnapshot['state']) => {
      state = next;
      changed();
    },
    disposals: () => disposed,
    opening,
    port,
  };
}

const shown = (holder: ShellHolder) => holder.shell?.lines().join('') ?? '';

describe('the shell of a session', () => {
  it('gets what was typed while it was being opened', async () => {
    const { holder, typed, open } = bench();
    const done = open();
    holder.typed(Buffer.from('ls\r'));
    await done;
    holder.typed(Buffer.from('x'));
    expect(typed).toEqual(['ls\r', 'x']);
  });

  it('draws no byte after the session ended, not even one that had arrived', async () => {
    const { holder, open, print, become, settle } = bench();
    await open();
    print('before');
    await settle();
    print('after');
    become('ended');
    await settle();
    expect(shown(holder)).toContain('before');
    expect(shown(holder)).not.toContain('after');
  });

  it('stands still while the session is paused and goes on afterwards', async () => {
    const { holder, typed, open, print, become, settle } = bench();
    await open();
    become('paused');
    print('hidden');
    holder.typed(Buffer.from('rm\r'));
    await settle();
    expect(shown(holder)).toBe('');
    become('active');
    await settle();
    expect(shown(holder)).toContain('hidden');
    expect(typed).toEqual([]);
  });

  it('says why it is closed, and why it could not be opened', async () => {
    const gone = bench();
    await gone.open();
    gone.close('the shell exited with status 1');
    await gone.settle();
    expect(gone.holder.status()).toEqual({ state: 'closed', words: 'the shell exited with status 1' });
    const refused = bench();
    refused.refuse(new ChaperoneError('the machine did not open a shell', { hint: 'ask the person' }));
    await refused.holder.open();
    expect(refused.holder.status()).toEqual({
      state: 'closed',
      words: 'the machine did not open a shell: ask the person',
    });
  });

  it('that opens after the session was left is closed at once', async () => {
    const { holder, opening, port, settle, disposals } = bench();
    const done = holder.open();
    holder[Symbol.dispose]();
    opening.resolve(port);
    await done;
    await settle();
    expect(disposals()).toBe(1);
    expect(holder.shell).toBeNull();
  });
});
