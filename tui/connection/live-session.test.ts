import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerChannel } from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { technicianHome } from '../../protocol/home.ts';
import { generateSignerKey, parseSignerKey } from '../../protocol/log/note-keys.ts';
import { signJson } from '../../protocol/signed-json.ts';
import { callMethod, field } from '../../protocol/ssh-handlers.ts';
import { OwnLog } from '../records/own-log.ts';
import { SessionStore } from '../records/sessions.ts';
import { eventsOf } from '../records/test-events.ts';
import type { LiveSession } from './live-session.ts';
import { TEST_SESSION, TestMachine, type TestMachineOptions } from './test-machine.ts';
import { TestTechnician } from './test-technician.ts';

let stack: AsyncDisposableStack;
let technician: TestTechnician;
let there: TestMachine;

beforeEach(() => {
  stack = new AsyncDisposableStack();
  technician = stack.use(new TestTechnician());
});
afterEach(() => stack.disposeAsync());

async function session(options: TestMachineOptions = {}): Promise<LiveSession> {
  there = stack.use(await TestMachine.start(options));
  return await technician.connect(there.address);
}

function changed(live: LiveSession, until: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (until()) {
        listening[Symbol.dispose]();
        resolve();
      }
    };
    const listening = live.onChange(check);
    check();
  });
}

/** Resolves when `value` has not changed for many turns of the event loop. */
async function stands(value: () => number): Promise<void> {
  for (let last = -1, same = 0; same < 2000; same = value() === last ? same + 1 : 0) {
    last = value();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const now = () => new Date().toISOString();
const SIZE = { cols: 80, rows: 24 };

describe('state', () => {
  it('follows the machine: paused with the reason, on again, over', async () => {
    const live = await session();
    const first = live.snapshot();
    expect(live.snapshot()).toBe(first);
    there.notify('session.state', { state: 'paused', message: 'The person is away.', at: now() });
    await changed(live, () => live.snapshot().state === 'paused');
    expect(live.snapshot().because).toBe('The person is away.');
    there.notify('session.state', { state: 'active', message: '', at: now() });
    await changed(live, () => live.snapshot().state === 'active');
    there.end('The person ended the session.');
    await live.finished;
    expect(live.snapshot()).toMatchObject({ state: 'ended', because: 'The person ended the session.' });
    there.notify('session.state', { state: 'active', message: '', at: now() });
    expect(live.snapshot().state).toBe('ended');
  });

  it('counts time by this computer’s clock', async () => {
    const live = await session();
    expect(Math.abs(live.snapshot().startedAt - Date.now())).toBeLessThan(10_000);
  });

  it('is told once however much changed in one turn', async () => {
    const live = await session();
    let calls = 0;
    live.onChange(() => {
      calls += 1;
    });
    for (let count = 0; count < 300; count += 1) {
      there.notify('chat.message', { from: 'local user', text: `${count}`, at: now() });
    }
    await changed(live, () => live.chat().length === 300);
    expect(calls).toBeLessThan(100);
  });

  it('keeps only what a person could look at, however much the machine sends', async () => {
    const live = await session();
    for (let seq = 0; seq < 3000; seq += 1) {
      there.notify('audit.event', { seq, time: now(), type: 'chat.message', severity: 'info', fields: {} });
    }
    for (let count = 0; count < 700; count += 1) {
      there.notify('chat.message', { from: 'local user', text: `${count}`, at: now() });
    }
    await changed(live, () => live.chat().at(-1)?.text === '699');
    expect(live.audit().at(-1)?.seq).toBe(2999);
    expect(live.audit().length).toBeLessThanOrEqual(2000);
    expect(live.chat().length).toBeLessThanOrEqual(500);
  });

  it('shows that the machine’s recording failed', async () => {
    const live = await session();
    there.notify('audit.event', { seq: 7, time: now(), type: 'recording.failed', severity: 'alert', fields: {} });
    await changed(live, () => live.snapshot().recording === 'failed');
  });

  it('ignores a grant for another session and one that the machine did not sign, and takes a narrower one', async () => {
    const live = await session();
    const grant = there.grant();
    const stranger = parseSignerKey(generateSignerKey(there.signer.name).signerKey);
    const foreign = { ...grant, session: '019aa000-0000-7000-8000-00000000000f', scopes: ['reboot'] };
    const forged = { ...grant, scopes: ['shell.admin'] };
    there.notify('grant.changed', { grant: foreign, grantNote: signJson('grant', foreign, there.signer) });
    there.notify('grant.changed', { grant: forged, grantNote: signJson('grant', forged, stranger) });
    const narrower = { ...grant, scopes: ['diagnostics'] };
    there.notify('grant.changed', { grant: narrower, grantNote: signJson('grant', narrower, there.signer) });
    await changed(live, () => live.snapshot().grant.scopes.length === 1);
    expect(live.snapshot().grant.scopes).toEqual(['diagnostics']);
  });

  it('is over when the machine breaks the protocol, and nothing of it is read any further', async () => {
    const live = await session();
    there.send({ jsonrpc: '2.0', method: 'session.state', params: { state: 'golden' } });
    await live.finished;
    expect(live.snapshot()).toMatchObject({ state: 'ended', because: expect.stringContaining('unknown shape') });
  });
});

describe('diagnostics', () => {
  const end = { outcome: 'done', message: 'all well', truncated: false, durationMs: 5 };
  const text = (run: number, words: string) => ({ run, output: { kind: 'text', title: 't', text: words } });

  function answering(onRun: (run: number) => void): TestMachineOptions {
    return {
      control: (channel, self) => {
        const answer = self.answer.bind(self);
        let run = 0;
        self.answer = (method, params) => {
          if (method === 'diagnostics.run') {
            run += 1;
            const started = run;
            setImmediate(() => onRun(started));
            return { run: started };
          }
          return answer(method, params);
        };
        self.serveControl(channel);
      },
    };
  }

  it('get their own output and end', async () => {
    const live = await session(
      answering((run) => {
        there.notify('diagnostics.output', text(99, 'of nobody'));
        there.notify('diagnostics.output', text(run, `of ${run}`));
        there.notify('diagnostics.end', { run, end });
      }),
    );
    const shown: unknown[] = [];
    const { signal } = new AbortController();
    const run = () => live.runDiagnostic('memory', {}, { onOutput: (output) => shown.push(output), signal });
    expect(await Promise.all([run(), run()])).toEqual([end, end]);
    expect(shown).toMatchObject([{ text: 'of 1' }, { text: 'of 2' }]);
  });

  it('are cancelled on the machine, and end as it says', async () => {
    const controller = new AbortController();
    const live = await session(answering(() => controller.abort()));
    const running = live.runDiagnostic('memory', {}, { onOutput: () => undefined, signal: controller.signal });
    await changedRequests('diagnostics.cancel');
    there.notify('diagnostics.end', { run: 1, end: { ...end, outcome: 'cancelled' } });
    expect(await running).toMatchObject({ outcome: 'cancelled' });
  });

  it('are lost with the session', async () => {
    const live = await session(answering(() => there.end()));
    const { signal } = new AbortController();
    await expect(live.runDiagnostic('memory', {}, { onOutput: () => undefined, signal })).rejects.toMatchObject({
      exitCode: 6,
    });
  });

  async function changedRequests(method: string): Promise<void> {
    while (!there.requests.includes(method)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});

describe('a shell', () => {
  it('carries bytes both ways, unchanged, and is kept as asciicast', async () => {
    let pty = { cols: 0, rows: 0 };
    const live = await session({
      shell: (channel, size) => {
        pty = size;
        channel.on('data', (chunk: Buffer) => channel.write(chunk));
      },
    });
    const shell = await live.openShell(SIZE);
    expect(pty).toEqual(SIZE);
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const echoed = Promise.withResolvers<Buffer>();
    let got = Buffer.alloc(0);
    shell.onOutput((chunk) => {
      got = Buffer.concat([got, chunk]);
      if (got.length >= all.length) echoed.resolve(got);
    });
    for (const byte of all) shell.write(Buffer.of(byte));
    expect(await echoed.promise).toEqual(all);
    await live.end();
    const [recording] = new SessionStore(technicianHome(technician.environment)).recordings(TEST_SESSION);
    expect(recording).toMatchObject({ id: 'shell-1.cast' });
  });

  it('is vouched for by the own log when it closes, when the session ends, and when the connection is cut', async () => {
    const live = await session({
      shell: (channel) => {
        channel.write('desk$ ');
        channel.once('data', () => channel.end());
      },
    });
    const [closes, stays, unread] = [
      await live.openShell(SIZE),
      await live.openShell(SIZE),
      await live.openShell(SIZE),
    ];
    const shown = Promise.withResolvers<void>();
    closes.onOutput(() => undefined);
    stays.onOutput(() => shown.resolve());
    unread.pause();
    closes.write(Buffer.from('exit'));
    await closes.closed;
    await shown.promise;
    for (const client of there.clients) client.end();
    await live.finished;
    const home = technicianHome(technician.environment);
    const kept = (await eventsOf(new OwnLog(home))).filter(({ type }) => type === 'recording.kept');
    const files = new SessionStore(home).recordings(TEST_SESSION).map(({ id, file, bytes }) => ({
      ...{ recording: id, recordingBytes: bytes, recordingSha256: hash('sha256', readFileSync(file)), complete: true },
    }));
    expect(files).toHaveLength(3);
    expect(kept.map(({ fields }) => fields)).toEqual(expect.arrayContaining(files));
    expect(new SessionStore(home).find(TEST_SESSION)?.copiesOpen).toBe(false);
  });

  it('are vouched for at once, however many receipts the machine sends', async () => {
    const live = await session({ shell: (channel) => channel.write('x') });
    const shell = await live.openShell(SIZE);
    const shown = Promise.withResolvers<void>();
    shell.onOutput(() => shown.resolve());
    await shown.promise;
    for (let count = 0; count < 20; count += 1) there.notify('receipt', { note: `receipt ${count}` });
    await changed(live, () => live.snapshot().receipt !== null);
    for (const client of there.clients) client.end();
    await live.finished;
    const home = technicianHome(technician.environment);
    const events = (await eventsOf(new OwnLog(home))).map(({ type }) => type);
    expect(events.filter((type) => type === 'receipt.received')).toHaveLength(1);
    expect(events).toContain('recording.kept');
    expect(new SessionStore(home).receiptNote(TEST_SESSION)).toBe('receipt 0');
  });

  it('sends what is typed in one turn together, in order', async () => {
    const chunks: string[] = [];
    const done = Promise.withResolvers<void>();
    const live = await session({
      shell: (channel) =>
        channel.on('data', (chunk: Buffer) => {
          chunks.push(chunk.toString());
          if (chunk.includes('.')) done.resolve();
        }),
    });
    const shell = await live.openShell(SIZE);
    for (const key of 'hello.') shell.write(Buffer.from(key));
    await done.promise;
    expect(chunks).toEqual(['hello.']);
  });

  it('tells the machine its new size', async () => {
    const resized = Promise.withResolvers<unknown>();
    const live = await session({ onResize: resized.resolve });
    const shell = await live.openShell(SIZE);
    shell.resize({ cols: 132, rows: 43 });
    expect(await resized.promise).toEqual({ cols: 132, rows: 43 });
  });

  it.each<[string, (channel: ServerChannel) => void, string, number | null]>([
    ['its exit status', (channel) => channel.exit(3), 'the shell exited with status 3', 3],
    ['the signal', (channel) => channel.exit('KILL'), 'the shell was stopped (SIGKILL)', null],
    [
      'the machine’s last words, made safe',
      (channel) => {
        channel.stderr.write('The person ended\x1b[2J the session.\r\n');
        channel.exit(6);
      },
      'The person ended the session.',
      6,
    ],
  ])('says how it ended: %s', async (_how, end, words, status) => {
    const live = await session({
      shell: (channel) => {
        end(channel);
        channel.end();
      },
    });
    const shell = await live.openShell(SIZE);
    shell.onOutput(() => undefined);
    expect(await shell.closed).toBe(words);
    expect(shell.exitStatus).toBe(status);
  });

  it('holds the machine back while it is paused', async () => {
    const SENT = 16 * 1024 * 1024;
    let written = 0;
    const live = await session({
      shell: (channel) => {
        const chunk = Buffer.alloc(64 * 1024, 'x');
        const more = () => {
          while (written < SENT) {
            written += chunk.length;
            if (!channel.write(chunk)) {
              channel.once('drain', more);
              return;
            }
          }
          channel.end();
        };
        more();
      },
    });
    const shell = await live.openShell(SIZE);
    let read = 0;
    let paused = false;
    const held = Promise.withResolvers<void>();
    const whole = Promise.withResolvers<void>();
    shell.onOutput((chunk) => {
      read += chunk.length;
      if (!paused && read > 1024 * 1024) {
        paused = true;
        shell.pause();
        void stands(() => written).then(held.resolve);
      }
      if (read === SENT) whole.resolve();
    });
    await held.promise;
    expect(written).toBeLessThan(SENT / 2);
    shell.resume();
    await whole.promise;
  });

  it('goes on through new session keys, which the machine asks for every hour', async () => {
    const live = await session({ shell: (channel) => channel.on('data', (chunk: Buffer) => channel.write(chunk)) });
    const shell = await live.openShell(SIZE);
    const echoed = Promise.withResolvers<void>();
    shell.onOutput((chunk) => {
      if (Buffer.from(chunk).includes('after')) echoed.resolve();
    });
    const rekeyed = new Promise<void>((resolve) => there.clients[0]?.rekey(() => resolve()));
    shell.write(Buffer.from('meanwhile'));
    await rekeyed;
    shell.write(Buffer.from('after'));
    await echoed.promise;
    await live.end();
    expect(live.snapshot().receipt).toMatchObject({ verified: true });
  });

  it('ends the connection when the machine sends more than the window allows', async () => {
    const live = await session({
      shell: (channel) => {
        const id = field(field(channel, 'outgoing'), 'id');
        const protocol = field(field(channel, '_client'), '_protocol');
        for (let count = 0; count < 200; count += 1) {
          callMethod(protocol, 'channelData', id, Buffer.alloc(32_000, 'x'));
        }
      },
    });
    const shell = await live.openShell(SIZE);
    shell.onOutput(() => undefined);
    shell.pause();
    await live.finished;
    expect(live.snapshot()).toMatchObject({ state: 'ended', because: expect.stringContaining('more than it may') });
  });

  it('shows not one byte more after the end, and still hears the last words', async () => {
    const typed = Promise.withResolvers<ServerChannel>();
    const live = await session({ shell: (channel) => channel.once('data', () => typed.resolve(channel)) });
    const shell = await live.openShell(SIZE);
    let shown = '';
    shell.onOutput((chunk) => {
      shown += Buffer.from(chunk).toString();
    });
    shell.write(Buffer.from('x'));
    const channel = await typed.promise;
    there.end('Over.');
    await changed(live, () => live.snapshot().state === 'ended');
    channel.write('one more line\n');
    channel.stderr.write('Over.');
    channel.exit(6);
    channel.end();
    expect(await shell.closed).toBe('Over.');
    expect(shown).toBe('');
  });

  it('is refused here already when the grant has none', async () => {
    const live = await session({ scopes: ['diagnostics'] });
    await expect(live.openShell(SIZE)).rejects.toMatchObject({ exitCode: 3 });
    await live.end();
    await expect(live.openShell(SIZE)).rejects.toMatchObject({ exitCode: 6 });
  });
});
