import { describe, expect, it } from 'vitest';
import type { ShellPort } from '../dashboard/ports.ts';
import { FramedShell } from './framed-shell.ts';

/** A shell whose output the test writes and whose input it reads. */
function remote() {
  const received: string[] = [];
  const sizes: string[] = [];
  let listener = (_: Uint8Array) => {};
  const { promise: closed, resolve: close } = Promise.withResolvers<string>();
  const port: ShellPort = {
    onOutput: (onChunk) => {
      listener = onChunk;
    },
    pause: () => {},
    resume: () => {},
    write: (data) => received.push(Buffer.from(data).toString()),
    resize: ({ cols, rows }) => sizes.push(`${cols}x${rows}`),
    closed,
    [Symbol.dispose]: () => {},
  };
  const shell = new FramedShell({ port, size: { cols: 20, rows: 4 }, onChange: () => {} });
  const print = async (text: string) => {
    listener(Buffer.from(text));
    await shell.drained();
  };
  return { shell, received, sizes, print, close };
}

describe('a framed shell', () => {
  it('shows text and colours, and a cursor where the remote one is', async () => {
    const { shell, print } = remote();
    await print('\x1b[31mred\x1b[0m $ ');
    expect(shell.lines()[0]).toMatch(/^\x1b\[[\d;]*31m?.*red/);
    expect(shell.lines()).toHaveLength(4);
    expect(shell.cursor).toEqual({ x: 6, y: 0 });
    await print('\x1b[?25l');
    expect(shell.cursor).toBeNull();
  });

  it('keeps titles, clipboard writes and queries in the emulator', async () => {
    const { shell, print } = remote();
    await print('a\x1b]0;owned\x07b\x1b]52;c;eA==\x07c\x1bP+q544e\x1b\\d');
    expect(shell.lines()[0]?.replace(/\x1b\[[\d;]*m/g, '')).toBe('abcd');
  });

  it('answers a cursor query to the shell itself', async () => {
    const { received, print } = remote();
    await print('ab\x1b[6n');
    expect(received).toEqual(['\x1b[1;3R']);
  });

  it('sends arrows and pastes as the remote program asked', async () => {
    const { shell, received, print } = remote();
    await print('\x1b[?1h\x1b[?2004h');
    shell.typed(Buffer.from('\x1b[A'));
    shell.pasted(Buffer.from('x\ny'), { first: true, last: true });
    expect(received).toEqual(['\x1bOA', '\x1b[200~x\ny\x1b[201~']);
  });

  it('is neither drawn nor typed into while the session is paused', async () => {
    const { shell, received, print } = remote();
    shell.freeze(true);
    await print('hidden');
    shell.typed(Buffer.from('rm -rf /\r'));
    expect(shell.lines().join('')).toBe('');
    expect(received).toEqual([]);
    shell.freeze(false);
    await shell.drained();
    expect(shell.lines()[0]).toContain('hidden');
    expect(received).toEqual([]);
  });

  it('tells the machine its size once per change', () => {
    const { shell, sizes } = remote();
    shell.resize({ cols: 20, rows: 4 });
    shell.resize({ cols: 30, rows: 5 });
    expect(sizes).toEqual(['30x5']);
    expect(shell.lines()).toHaveLength(5);
  });

  it('scrolls back and returns to the present on the first key', async () => {
    const { shell, received, print } = remote();
    await print(Array.from({ length: 10 }, (_, index) => `line ${index}`).join('\r\n'));
    shell.scrollBy(100);
    expect(shell.lines()[0]).toContain('line 0');
    expect(shell.cursor).toBeNull();
    shell.typed(Buffer.from('x'));
    expect(shell.lines()[3]).toContain('line 9');
    expect(received).toEqual(['x']);
  });

  it('says why it is gone and sends nothing more', async () => {
    const { shell, received, close } = remote();
    close('the shell exited with status 1');
    await new Promise(setImmediate);
    expect(shell.closed).toBe('the shell exited with status 1');
    shell.typed(Buffer.from('x'));
    expect(received).toEqual([]);
  });
});
