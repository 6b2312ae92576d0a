import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signJson } from '../../protocol/signed-json.ts';
import { TEST_CODE, TEST_SESSION, TestMachine, type TestMachineOptions } from '../connection/test-machine.ts';
import { TestProgram } from './test-program.ts';

let stack: AsyncDisposableStack;
let program: TestProgram;

beforeEach(() => {
  stack = new AsyncDisposableStack();
  program = stack.use(new TestProgram());
});
afterEach(() => stack.disposeAsync());

const ASK = ['--reason', 'printer', '--ticket', 'T-1', '--code', TEST_CODE];
const LATER_MS = 50; // after the shell, on another channel
const CONTROLS = /[\0-\x09\x0b-\x1f\x7f-\x9f]/;

async function machine(options: TestMachineOptions = {}): Promise<TestMachine> {
  return stack.use(await TestMachine.start(options));
}

/** Echoes lines; ends at Ctrl-D, as shells do. */
const echo: TestMachineOptions['shell'] = (channel) => {
  channel.write('desk$ ');
  channel.on('data', (chunk: Buffer) => {
    const text = chunk.toString();
    channel.write(text.replace('\x04', '').replaceAll('\n', '\r\n'));
    if (text.includes('\x04')) {
      channel.exit(0);
      channel.end();
    }
  });
};

const events = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));

describe('connect, line by line', () => {
  it('types what comes in, prints what comes out, and ends with a receipt', async () => {
    const there = await machine({ shell: echo });
    const { code, out, err } = await program.run(
      ['connect', there.address, '--accept-new', ...ASK],
      'uptime\n\x1b]0;owned\x07\x1b[2Jls\n',
    );
    expect(out).toBe('desk$ uptime\nls\n');
    expect(err).toContain('waiting for the person at front-desk-2 to answer your request, until');
    expect(err).toContain(there.fingerprint);
    expect(err).toContain(`the receipt is signed by the machine: chaperone receipt ${TEST_SESSION}`);
    expect(err).not.toMatch(CONTROLS);
    expect(code).toBe(0);
  });

  it('tells programs each step as JSON', async () => {
    const there = await machine({ shell: echo });
    const { code, out } = await program.run(['connect', there.address, '--json', '--accept-new', ...ASK], 'ls\n');
    const told = events(out);
    expect(told.map(({ event }) => event).filter((event) => event !== 'waiting')).toEqual([
      'granted',
      'output',
      'ended',
      'receipt',
    ]);
    expect(told.find(({ event }) => event === 'granted')).toMatchObject({ scopes: ['diagnostics', 'shell'] });
    expect(told.at(-1)).toMatchObject({ receipt: { verified: true } });
    expect(code).toBe(0);
  });

  it('ends the session in order when it is told to stop', async () => {
    const there = await machine({ shell: echo });
    const running = program.run(['connect', there.address, '--accept-new', ...ASK], null, () =>
      program.child?.kill('SIGTERM'),
    );
    const { code, err } = await running;
    expect(there.requests).toContain('session.end');
    expect(err).toContain('receipt is signed');
    expect(code).toBe(0);
  });

  it('exits with 6 when the person ends it', async () => {
    const there = await machine({
      shell: (channel) => {
        channel.write('desk$ ');
        setImmediate(() => {
          channel.stderr.write('The person ended the session.\r\n');
          channel.exit(6);
          channel.end();
          there.end('The person ended the session.');
        });
      },
    });
    const { code, err } = await program.run(['connect', there.address, '--accept-new', ...ASK], null);
    expect(err).toContain('The person ended the session.');
    expect(code).toBe(6);
  });

  it('exits with 6 when the shell is closed before the word comes that the person has ended it', async () => {
    const there = await machine({
      shell: (channel) => {
        channel.stderr.write('The person ended the session.\r\n');
        channel.exit(6);
        channel.end();
        channel.close();
        setTimeout(() => there.end('The person ended the session.'), LATER_MS);
      },
    });
    const { code, err } = await program.run(['connect', there.address, '--accept-new', ...ASK], null);
    expect(err.split('The person ended the session.')).toHaveLength(2);
    expect(code).toBe(6);
  });

  it('says once that the technician ended it, though the shell said so too', async () => {
    const words = 'the technician ended the session';
    const there = await machine({
      shell: (channel) => {
        channel.stderr.write(`${words}\r\n`);
        channel.exit(6);
        channel.end();
        channel.close();
        setTimeout(() => there.end(words, there.receiptNote({ endedBy: 'technician', endReason: words })), LATER_MS);
      },
    });
    const { code, err } = await program.run(['connect', there.address, '--accept-new', ...ASK], null);
    expect(err.split(words)).toHaveLength(2);
    expect(code).toBe(0);
  });

  it('exits with 6 and says why when its shell is taken back, though health checks stay allowed', async () => {
    const taken: TestMachineOptions['shell'] = (channel) => {
      channel.stderr.write('the person at the machine took this permission back\r\n');
      channel.exit(6);
      channel.end();
      channel.close();
      setTimeout(() => {
        const grant = { ...there.grant(), scopes: ['diagnostics'] };
        there.notify('grant.changed', { grant, grantNote: signJson('grant', grant, there.signer) });
      }, LATER_MS);
    };
    const there = await machine({ shell: taken });
    const { code, err } = await program.run(['connect', there.address, '--accept-new', ...ASK], null);
    expect(err).toContain('the person took back: type commands\nwithout it nothing');
    expect(code).toBe(6);
  });

  it('exits with 6 when the machine vanishes', async () => {
    const there = await machine({ shell: () => there.vanish() });
    const { code, err } = await program.run(['connect', there.address, '--accept-new', ...ASK], null);
    expect(err).toContain('no receipt came');
    expect(code).toBe(6);
  });

  it('exits with 3 and the machine’s words when it is denied', async () => {
    const there = await machine({
      talk: async (talk) => {
        await talk.ask(await talk.pair());
        await talk.tell('denied', { message: 'The person\x1b[2J did not allow this.' });
        return false;
      },
    });
    const { code, err } = await program.runHere(['connect', there.address, '--accept-new', ...ASK]);
    expect(err).toContain('chaperone: the person did not allow this\n  call the person');
    expect(err).not.toMatch(CONTROLS);
    expect(code).toBe(3);
  });

  it('exits with 5 at a machine that nobody vouches for, and says how a script can', async () => {
    const there = await machine();
    const { code, err } = await program.runHere(['connect', there.address, ...ASK]);
    expect(err).toContain(`--fingerprint ${there.fingerprint}`);
    expect(code).toBe(5);
    expect(there.codes).toEqual([]);
    const wrong = `SHA256:${'x'.repeat(43)}`;
    expect(await program.runHere(['connect', there.address, '--fingerprint', wrong, ...ASK])).toMatchObject({
      code: 5,
    });
  });

  it('exits with 4 when nothing answers', async () => {
    const there = await machine();
    const { address } = there;
    await there[Symbol.asyncDispose]();
    stack = new AsyncDisposableStack();
    stack.use(program);
    const { code, err } = await program.runHere(['connect', address, ...ASK]);
    expect(err).toContain('nothing listens there');
    expect(code).toBe(4);
  });

  it('gives up without a code when there is nobody to ask', async () => {
    const there = await machine();
    const { code } = await program.runHere([
      'connect',
      there.address,
      '--accept-new',
      '--reason',
      'r',
      '--ticket',
      't',
    ]);
    expect(code).toBe(1);
    expect(there.codes).toEqual([]);
  });
});

describe('run', () => {
  const descriptor = {
    id: 'time-sync',
    title: 'Reach\x1b[2J a host',
    purpose: 'p',
    risk: 'low',
    platforms: ['linux'],
    parameters: [{ kind: 'integer', name: 'port', title: 'Port', required: true, hint: 'a port', min: 1, max: 9 }],
    timeoutMs: 1000,
    streams: false,
  };

  function checking(outcome = 'done'): TestMachineOptions {
    return {
      scopes: ['diagnostics'],
      control: (channel, self) => {
        const answer = self.answer.bind(self);
        self.answer = (method, params) => {
          if (method === 'diagnostics.list') return { diagnostics: [descriptor] };
          if (method !== 'diagnostics.run') return answer(method, params);
          setImmediate(() => {
            const columns = [{ key: 'a', title: 'Size', unit: 'bytes' }];
            const table = { kind: 'table', title: 'T\x1b]0;x\x07', columns, rows: [[2048]] };
            self.notify('diagnostics.output', { run: 1, output: { kind: 'progress', text: 'half', fraction: 0.5 } });
            self.notify('diagnostics.output', { run: 1, output: table });
            const end = { outcome, message: 'one host', truncated: false, durationMs: 5 };
            self.notify('diagnostics.end', { run: 1, end });
          });
          return { run: 1 };
        };
        self.serveControl(channel);
      },
    };
  }

  it('prints tables as text, and how it ended on standard error', async () => {
    const there = await machine(checking());
    const { code, out, err } = await program.runHere([
      'run',
      there.address,
      'time-sync',
      'port=7',
      '--accept-new',
      ...ASK,
    ]);
    expect(there.asked[2]).toBe('diagnostics');
    expect(out).toBe(' T\n    Size\n 2.0 KiB\n');
    expect(err).toContain('time-sync: done: one host');
    expect(code).toBe(0);
  });

  it('tells the machine that it has finished, and not that it broke off', async () => {
    const there = await machine(checking());
    const endings: unknown[] = [];
    const answer = there.answer.bind(there);
    there.answer = (method, params) => {
      if (method === 'session.end') endings.push(params);
      return answer(method, params);
    };
    await program.runHere(['run', there.address, 'time-sync', 'port=7', '--accept-new', ...ASK]);
    expect(endings).toEqual([{ finished: true }]);
  });

  it('lists what the machine offers', async () => {
    const there = await machine(checking());
    const { code, out } = await program.runHere(['run', there.address, '--accept-new', ...ASK]);
    expect(out).toContain('time-sync  port=…      Reach a host');
    expect(code).toBe(0);
  });

  it('prints JSON lines for programs', async () => {
    const there = await machine(checking());
    const { out } = await program.runHere([
      'run',
      there.address,
      'time-sync',
      'port=7',
      '--json',
      '--accept-new',
      ...ASK,
    ]);
    expect(events(out).filter(({ event }) => event === 'output' || event === 'end')).toMatchObject([
      { kind: 'progress' },
      { kind: 'table', title: 'T', rows: [[2048]] },
      { outcome: 'done' },
    ]);
  });

  it('fails when the check does', async () => {
    const there = await machine(checking('timeout'));
    const { code } = await program.runHere(['run', there.address, 'time-sync', 'port=7', '--accept-new', ...ASK]);
    expect(code).toBe(1);
  });

  it.each([
    [['memory'], 'the machine has no check "memory"'],
    [['time-sync'], '"port" is missing'],
    [['time-sync', 'port=99'], 'must be from 1 to 9'],
  ])('%j is refused before it runs, and the session is ended in order', async (args, words) => {
    const there = await machine(checking());
    const { code, err } = await program.runHere(['run', there.address, ...args, '--accept-new', ...ASK]);
    expect(err).toContain(words);
    expect(err).toContain('receipt is signed');
    expect(there.requests).not.toContain('diagnostics.run');
    expect(code).toBe(2);
  });
});
