// The daemon's socket: who may open it, how one daemon takes its place, and what a misbehaving program gets.

import { on, once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PromptQuestion } from '../../daemon/consent/prompter.ts';
import { connectLocal } from '../../daemon/local/client.ts';
import type { SessionView } from '../../daemon/local/controls.ts';
import { serveLocal } from '../../daemon/local/server.ts';
import { localSocketPath } from '../../daemon/local/socket-path.ts';
import type { MirrorFrame } from '../../daemon/mirror/frame.ts';
import { InMemoryMachine, question } from './in-memory-machine.ts';

let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-socket-'));
  path = localSocketPath({ CHAPERONE_HOME: home });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A program that speaks bytes. */
async function raw(): Promise<Socket> {
  const socket = createConnection(path);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.resume().once('close', () => resolve());
  });
}

/** The next answer on the socket. */
async function answer(socket: Socket): Promise<unknown> {
  const [chunk] = await once(socket, 'data');
  return JSON.parse(String(chunk).split('\n')[0] ?? '');
}

describe('the place of the socket', () => {
  it('can be opened by nobody but its owner', async () => {
    await using _ = await serveLocal(path, new InMemoryMachine());
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(dirname(path)).mode & 0o777).toString(8)).toBe('700');
  });

  it('is made private when its directory could be read by others, and refused when they could write', async () => {
    mkdirSync(dirname(path), { recursive: true });
    chmodSync(dirname(path), 0o755);
    await (await serveLocal(path, new InMemoryMachine()))[Symbol.asyncDispose]();
    expect((statSync(dirname(path)).mode & 0o777).toString(8)).toBe('700');
    chmodSync(dirname(path), 0o777);
    await expect(serveLocal(path, new InMemoryMachine())).rejects.toThrow('can be changed by other users');
  });

  it('is not taken from a daemon that lives', async () => {
    await using _ = await serveLocal(path, new InMemoryMachine());
    await expect(serveLocal(path, new InMemoryMachine())).rejects.toMatchObject({
      name: 'DaemonAlreadyRunning',
      hint: expect.stringContaining('chaperoned status'),
    });
    using client = await connectLocal(path);
    expect((await client.status()).machine.id).toBe('482913077');
  });

  it('is taken from one that died', async () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const dead = createServer().listen(join(dirname(path), 'made'));
    await once(dead, 'listening');
    // As after kill -9: the name stays and nobody listens.
    const { linkSync } = await import('node:fs');
    linkSync(join(dirname(path), 'made'), path);
    dead.close();
    await using _ = await serveLocal(path, new InMemoryMachine());
    using client = await connectLocal(path);
    expect((await client.code()).code).toBe('27-harbor-violet');
  });

  it('goes to exactly one of several daemons that start together', async () => {
    const started = await Promise.allSettled(Array.from({ length: 5 }, () => serveLocal(path, new InMemoryMachine())));
    const winners = started.filter((each) => each.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    using client = await connectLocal(path);
    await client.status();
    await winners[0]?.value[Symbol.asyncDispose]();
  });

  it('is left alone when it is something else', async () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, 'precious');
    await expect(serveLocal(path, new InMemoryMachine())).rejects.toThrow('is not a socket');
    expect(existsSync(path)).toBe(true);
  });

  it('says what to do when its path is too long', async () => {
    const long = localSocketPath({ CHAPERONE_HOME: join(home, 'x'.repeat(100)) });
    await expect(serveLocal(long, new InMemoryMachine())).rejects.toMatchObject({
      message: expect.stringContaining('too long'),
      hint: expect.stringContaining('CHAPERONE_HOME'),
    });
  });

  it('is gone when the daemon is', async () => {
    const server = await serveLocal(path, new InMemoryMachine());
    await server[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(false);
    await expect(connectLocal(path)).rejects.toMatchObject({ exitCode: 4, hint: 'start it: chaperoned start' });
  });
});

describe('a program that misbehaves', () => {
  it.each([
    ['a line without end', 'x'.repeat(300 * 1024)],
    ['no JSON', 'hello\n'],
    ['JSON of another kind', '[1,2]\n'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x0a])],
    ['an unknown notice', '{"jsonrpc":"2.0","method":"prompt.dance"}\n'],
    ['an answer that nobody asked for', '{"jsonrpc":"2.0","id":1,"result":{}}\n'],
    ['a notice without its fields', '{"jsonrpc":"2.0","method":"prompt.answer","params":{}}\n'],
  ])('is turned out for %s, and the others stay', async (_, bytes) => {
    const troubles: string[] = [];
    await using __ = await serveLocal(path, new InMemoryMachine(), { onTrouble: (words) => troubles.push(words) });
    using good = await connectLocal(path);
    const bad = await raw();
    bad.write(bytes);
    await closed(bad);
    expect(troubles).toHaveLength(1);
    expect((await good.status()).version).toBe('0.1.0');
  });

  it('gets an error for a request that does not exist or has wrong parameters', async () => {
    await using _ = await serveLocal(path, new InMemoryMachine());
    const socket = await raw();
    socket.write('{"jsonrpc":"2.0","id":1,"method":"shell.open"}\n');
    expect(await answer(socket)).toMatchObject({ id: 1, error: { code: -32601 } });
    socket.write('{"jsonrpc":"2.0","id":2,"method":"session.end","params":{"session":7}}\n');
    expect(await answer(socket)).toMatchObject({ id: 2, error: { code: -32602 } });
    socket.destroy();
  });

  it('is turned away when there are too many', async () => {
    await using _ = await serveLocal(path, new InMemoryMachine());
    const sockets = await Promise.all(Array.from({ length: 32 }, raw));
    await closed(await raw());
    expect(sockets.every((socket) => !socket.destroyed)).toBe(true);
    for (const socket of sockets) socket.destroy();
  });

  it('hears the words and the hint of what the daemon refuses', async () => {
    await using _ = await serveLocal(path, new InMemoryMachine());
    using client = await connectLocal(path);
    await expect(client.end('01890a5d-ac96-774b-bcce-b302099a8057')).rejects.toMatchObject({
      message: expect.stringContaining('there is no session'),
      hint: 'see `chaperoned status`',
    });
  });
});

/** Of the first question that is shown, among the words on how the machine is. */
async function questionId(socket: Socket): Promise<string> {
  let text = '';
  for await (const [chunk] of on(socket, 'data')) {
    text += String(chunk);
    const id = /"method":"prompt.show","params":{"id":"([^"]+)"/.exec(text)?.[1];
    if (id !== undefined) return id;
  }
  throw new Error('the socket was closed');
}

describe('a prompt on the socket', () => {
  const seen = (): {
    screen: { onShow: (q: PromptQuestion) => void; onWithdraw: (id: string) => void };
    shown: Promise<PromptQuestion>;
  } => {
    const { promise, resolve } = Promise.withResolvers<PromptQuestion>();
    return { screen: { onShow: resolve, onWithdraw: () => undefined }, shown: promise };
  };

  it('answers its own question and no other one', async () => {
    const machine = new InMemoryMachine(0);
    await using _ = await serveLocal(path, machine);
    using client = await connectLocal(path);
    const { screen, shown } = seen();
    const voice = await client.prompt('test', screen);
    const result = machine.ask(question());
    const { id } = await shown;
    await voice.displayed('01890a5d-ac96-774b-bcce-b302099a8057');
    voice.answer('01890a5d-ac96-774b-bcce-b302099a8057', { allow: true, scopes: ['diagnostics', 'shell'] });
    await client.status(); // what was sent before has been read
    expect(machine.asked).toEqual(['prompted']);
    await voice.displayed(id);
    voice.answer(id, { allow: true, scopes: ['diagnostics'] });
    voice.answer(id, { allow: true, scopes: ['diagnostics', 'shell'] });
    expect(await result).toEqual({ kind: 'allowed', scopes: ['diagnostics'] });
  });

  it('that another program answers for is not answered', async () => {
    const machine = new InMemoryMachine(0);
    await using _ = await serveLocal(path, machine);
    using client = await connectLocal(path);
    using other = await connectLocal(path);
    const { screen, shown } = seen();
    const voice = await client.prompt('first', screen);
    const intruder = await other.prompt('second', { onShow: () => undefined, onWithdraw: () => undefined });
    const result = machine.ask(question());
    const { id } = await shown;
    await intruder.displayed(id);
    intruder.answer(id, { allow: true, scopes: ['shell'] });
    await other.status();
    expect(machine.asked).toEqual(['prompted']);
    voice.answer(id, { allow: false });
    expect((await result).kind).toBe('declined');
  });

  it('counts as nobody when its connection is lost', async () => {
    const machine = new InMemoryMachine(0);
    await using _ = await serveLocal(path, machine);
    const client = await connectLocal(path);
    const { screen, shown } = seen();
    await client.prompt('test', screen);
    const result = machine.ask(question());
    await shown;
    client[Symbol.dispose]();
    expect((await result).kind).toBe('nobody');
    expect(machine.desk.prompterNames).toEqual([]);
  });

  it('hears at once of what changes, and after leaving how things are without it', async () => {
    const machine = new InMemoryMachine(0);
    await using _ = await serveLocal(path, machine);
    using client = await connectLocal(path);
    const heard: string[] = [];
    const ended = Promise.withResolvers<void>();
    await client.prompt('window', {
      onShow: () => undefined,
      onWithdraw: () => undefined,
      onMachine: ({ sessions }, { code }) => {
        heard.push(`${code} ${sessions.map(({ state }) => state).join()}`);
        if (heard.length === 3) ended.resolve();
      },
    });
    await client.status(); // the first words are on their way before this answer
    machine.open();
    await client.status();
    await client.newCode();
    await ended.promise;
    expect(heard).toEqual(['27-harbor-violet ', '27-harbor-violet active', '28-harbor-violet active']);
    expect((await client.status()).prompters).toEqual(['window']);
    expect((await client.leave()).prompters).toEqual([]);
  });

  it('is refused when it answers with scopes that do not exist, and that is no consent', async () => {
    const machine = new InMemoryMachine(0);
    await using _ = await serveLocal(path, machine);
    const socket = await raw();
    socket.write('{"jsonrpc":"2.0","id":1,"method":"prompt.attach","params":{"name":"raw"}}\n');
    await answer(socket);
    const result = machine.ask(question());
    const id = await questionId(socket);
    socket.write(`{"jsonrpc":"2.0","id":2,"method":"prompt.displayed","params":{"id":"${id}"}}\n`);
    socket.write(
      `{"jsonrpc":"2.0","method":"prompt.answer","params":{"id":"${id}","answer":{"allow":true,"scopes":["root"]}}}\n`,
    );
    expect((await result).kind).toBe('nobody');
  });
});

describe('a watcher', () => {
  const frame = (text: string): MirrorFrame => ({
    cols: 200,
    rows: 50,
    lines: Array.from({ length: 50 }, () => text.padEnd(200, '.')),
    cursor: { x: 0, y: 0, visible: true },
  });

  it('sees sessions, pictures, lines and receipts as they come', async () => {
    const machine = new InMemoryMachine();
    await using _ = await serveLocal(path, machine);
    using client = await connectLocal(path);
    const session = machine.open();
    machine.present = [[session.id, 0, frame('early')]];
    const seen: unknown[] = [];
    const done = Promise.withResolvers<void>();
    await client.watch({
      onSession: ({ state }) => seen.push(state),
      onFrame: (_, shell, { lines }) => seen.push([shell, lines[0]?.slice(0, 5)]),
      onNotice: (_, line) => seen.push(line),
      onReceipt: () => done.resolve(),
    });
    await client.status();
    expect(seen.splice(0)).toEqual(['active', [0, 'early']]);
    for (const watcher of machine.watchers) {
      watcher.onFrame(session.id, 0, frame('hello'));
      watcher.onNotice(session.id, 'a line');
      watcher.onReceipt(session.id, 'note');
    }
    await done.promise;
    // The session first, whatever came first: a picture of an unknown session could not be shown.
    expect(seen).toEqual(['a line', [0, 'hello']]);
  });

  it('that stopped reading gets the newest picture when it goes on, and nothing piles up for it', async () => {
    const machine = new InMemoryMachine();
    await using _ = await serveLocal(path, machine);
    const session: SessionView = machine.open();
    const socket = await raw();
    socket.write('{"jsonrpc":"2.0","id":1,"method":"watch.start"}\n');
    await once(socket, 'data');
    socket.pause();
    const [watcher] = machine.watchers;
    const PICTURES = 3000; // 30 MB in all
    for (let index = 0; index < PICTURES; index += 1) {
      watcher?.onFrame(session.id, 0, frame(`picture ${index} `));
      watcher?.onNotice(session.id, `line ${index}`);
      if (index % 100 === 0) await new Promise(setImmediate);
    }
    let received = '';
    const newest = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        received += String(chunk);
        if (received.includes(`picture ${PICTURES - 1} `)) resolve();
      });
    });
    socket.resume();
    await newest;
    expect(received.match(/watch\.frame/g)?.length).toBeLessThan(200);
    expect(received).toMatch(/\(\d+ earlier lines are left out\)/);
    expect(received).toContain(`line ${PICTURES - 1}"`);
    socket.destroy();
  });

  it('gets pictures without colour where colour would not fit a message', async () => {
    const machine = new InMemoryMachine();
    await using _ = await serveLocal(path, machine);
    using client = await connectLocal(path);
    const session = machine.open();
    const got = Promise.withResolvers<MirrorFrame>();
    await client.watch({
      onSession: () => undefined,
      onFrame: (_, __, picture) => got.resolve(picture),
      onNotice: () => undefined,
      onReceipt: () => undefined,
    });
    const row = Array.from({ length: 1000 }, (_, x) => `\x1b[0;38;2;${x % 256};9;9mx`).join('');
    const large = {
      cols: 1000,
      rows: 500,
      lines: Array.from({ length: 500 }, () => `${row}\x1b[0m`),
      cursor: { x: 0, y: 0, visible: false },
    };
    for (const watcher of machine.watchers) watcher.onFrame(session.id, 0, large);
    expect((await got.promise).lines[499]).toBe('x'.repeat(1000));
  });
});
