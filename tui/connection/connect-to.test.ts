import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CODE_PROMPT } from '../../protocol/conversation.ts';
import { technicianHome } from '../../protocol/home.ts';
import { generateSignerKey, parseSignerKey } from '../../protocol/log/note-keys.ts';
import { MachineBook } from '../records/machines.ts';
import { OwnLog } from '../records/own-log.ts';
import { SessionStore } from '../records/sessions.ts';
import { eventsOf } from '../records/test-events.ts';
import { newHostKey, TEST_CODE, TEST_ID, TestMachine, type TestMachineOptions } from './test-machine.ts';
import { honestTalk, type Talk, WRONG } from './test-talk.ts';
import { TestTechnician } from './test-technician.ts';

let stack: AsyncDisposableStack;
let technician: TestTechnician;
let home: string;

beforeEach(() => {
  stack = new AsyncDisposableStack();
  technician = stack.use(new TestTechnician());
  home = technicianHome(technician.environment);
});
afterEach(() => stack.disposeAsync());

async function machine(options: TestMachineOptions = {}): Promise<TestMachine> {
  return stack.use(await TestMachine.start(options));
}

/** The machine that was met is now believed to be at this address. */
function moveTo(address: string): void {
  const file = join(home, 'known_hosts');
  const [host = '', port = ''] = address.split(':');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\[[^ ]*/, `[${host}]:${port}`));
}

const pinned = () => readFileSync(join(home, 'known_hosts'), 'utf8');

const events = () => eventsOf(new OwnLog(home));

describe('a session that works', () => {
  it('leads from an address to a grant that is verified, and to a receipt', async () => {
    const there = await machine();
    const session = await technician.connect(there.address);
    expect(there.codes).toEqual([TEST_CODE]);
    expect(there.asked).toEqual(['printer does not print', 'T-1', 'diagnostics shell']);
    expect(session.snapshot()).toMatchObject({ state: 'active', recording: 'on', receipt: null });
    expect(technician.waited.map(({ stage }) => stage)).toEqual([
      'reaching',
      'authenticating',
      'pairing',
      'consent',
      'consent',
      'consent',
      'opening',
      'opening',
    ]);
    await session.end();
    expect(session.snapshot()).toMatchObject({ state: 'ended', receipt: { verified: true } });
    expect(session.trouble).toBeNull();
    expect(new SessionStore(home).list()).toMatchObject([{ ending: 'You ended the session.' }]);
  });

  it('writes each step down before it is taken', async () => {
    const logged: string[][] = [];
    const there = await machine({
      talk: async (talk) => {
        logged.push((await events()).map(({ type }) => type));
        return await honestTalk(talk);
      },
      control: (channel, self) => {
        void events().then((all) => logged.push(all.map(({ type }) => type)));
        self.serveControl(channel);
      },
    });
    await (await technician.connect(there.address)).end();
    expect(logged[0]).toEqual(['connection.opened']);
    expect(logged[1]?.slice(0, 2)).toEqual(['connection.opened', 'request.sent']);
    expect((await events()).map(({ type }) => type)).toEqual(['connection.opened', 'request.sent', 'receipt.received']);
  });

  it('asks about a machine once, and finds it by its connection ID afterwards', async () => {
    const there = await machine();
    await (await technician.connect(`${TEST_ID}@${there.address}`)).end();
    expect(technician.hostKeyQuestions).toMatchObject([{ fingerprint: there.fingerprint, known: null }]);
    expect(new MachineBook(home).byId(TEST_ID)).toMatchObject({
      name: 'front-desk-2',
      machineKey: there.signer.verifier.key,
      sessions: 1,
    });
    await expect(technician.connect(TEST_ID)).rejects.toThrow('kept here already'); // the double's session ID is always the same
    expect(technician.hostKeyQuestions).toHaveLength(1);
    expect(there.connections).toBe(2);
    expect(pinned()).toMatch(/^482913077,\[127\.0\.0\.1\]:\d+ ssh-ed25519 AAAA\S+ chaperone\n$/);
  });
});

describe('the machine is not the one that is meant', () => {
  it('stops at a changed host key before anything is said, with both fingerprints', async () => {
    const first = await machine();
    await (await technician.connect(first.address)).end();
    const second = await machine();
    moveTo(second.address);
    await expect(technician.connect(second.address)).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringContaining(first.fingerprint),
      hint: expect.stringContaining(`--fingerprint ${second.fingerprint}`),
    });
    await expect(technician.connect(`${TEST_ID}@${second.address}`)).rejects.toMatchObject({ exitCode: 5 });
    expect(second.codes).toEqual([]);
    expect(second.technicianKey).toBe('');
    expect(technician.hostKeyQuestions).toHaveLength(1);
    expect((await events()).map(({ type }) => type).slice(-2)).toEqual(['connection.failed', 'connection.failed']);
  });

  it('goes on with a new key that somebody read out, and forgets the old one', async () => {
    const first = await machine();
    const session = await technician.connect(first.address, { fingerprint: first.fingerprint });
    await session.end();
    expect(technician.hostKeyQuestions).toEqual([]);
    const second = await machine();
    const target = `${TEST_ID}@${second.address}`;
    await expect(technician.connect(target, { fingerprint: first.fingerprint })).rejects.toMatchObject({ exitCode: 5 });
    await expect(technician.connect(target, { fingerprint: second.fingerprint })).rejects.toThrow('kept here already');
    const left = new MachineBook(home).all();
    expect(left.map(({ fingerprint }) => fingerprint)).toEqual([second.fingerprint]);
    expect(new MachineBook(home).byId(TEST_ID)?.fingerprint).toBe(second.fingerprint); // found by number, session or not
    expect(
      pinned()
        .split('\n')
        .filter((line) => line.includes(TEST_ID)),
    ).toHaveLength(1);
    await expect(technician.connect(target, { fingerprint: first.fingerprint })).rejects.toThrow(second.fingerprint);
  });

  it('is not talked to when nobody vouches for it, and is not remembered', async () => {
    const there = await machine();
    technician.trusts = false;
    await expect(technician.connect(there.address)).rejects.toMatchObject({ exitCode: 5, name: 'HostKeyNotTrusted' });
    expect(there.codes).toEqual([]);
    expect(new MachineBook(home).all()).toEqual([]);
    expect(existsSync(join(home, 'known_hosts'))).toBe(false);
  });

  it('does not pass for one that is known, by calling itself by its connection ID', async () => {
    const first = await machine();
    await (await technician.connect(first.address)).end();
    const impostor = await machine();
    await expect(technician.connect(impostor.address)).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringContaining(first.fingerprint),
    });
    expect(impostor.codes).toEqual([]);
  });

  it('has its own connection ID, whatever was dialled', async () => {
    const there = await machine();
    await expect(technician.connect(`735004124@${there.address}`)).rejects.toMatchObject({ exitCode: 5 });
    expect(there.codes).toEqual([]);
  });

  it('signs grants with the key that it had at the first session', async () => {
    const hostKey = newHostKey();
    const first = await machine({ hostKey });
    await (await technician.connect(first.address)).end();
    const second = await machine({ hostKey });
    await expect(technician.connect(`${TEST_ID}@${second.address}`)).rejects.toThrow('signs with another key');
  });
});

describe('what answers is no honest machine', () => {
  it('is another kind of SSH server', async () => {
    const there = await machine({ software: 'OpenSSH_9.2' });
    await expect(technician.connect(there.address)).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('OpenSSH_9.2'),
    });
  });

  it('lets the technician in without asking anyone', async () => {
    const there = await machine({ talk: async () => true });
    await expect(technician.connect(there.address)).rejects.toThrow('without asking anyone');
    expect(there.controls).toEqual([]);
  });

  it('asks something else', async () => {
    const there = await machine({
      talk: async (talk, self) => {
        await talk.tell('welcome');
        self.codes.push(...(await talk.raw('', '', ['Password: '])));
        return true;
      },
    });
    await expect(technician.connect(there.address)).rejects.toThrow('asked something');
    expect(there.codes).toEqual([]);
  });

  it('grants a session without having proven that it knows the code', async () => {
    const there = await machine({
      talk: async (talk) => {
        await talk.tell('granted');
        return true;
      },
    });
    await expect(technician.connect(there.address)).rejects.toThrow('without asking anyone');
    expect(there.controls).toEqual([]);
    expect(new MachineBook(home).all()).toEqual([]);
  });

  it('asks for the code itself: it does not get it', async () => {
    const there = await machine({
      talk: async (talk, self) => {
        await talk.tell('welcome');
        self.codes.push(...(await talk.raw('', '', [CODE_PROMPT])));
        return true;
      },
    });
    await expect(technician.connect(there.address)).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringContaining('somebody may be in between'),
      hint: expect.stringContaining(there.fingerprint),
    });
    expect(there.codes).toEqual([]);
  });

  it('asks for the request without a proof, or with a wrong one: nothing of it is said, and nothing remembered', async () => {
    const forged = JSON.stringify({ v: 1, tag: Buffer.alloc(64).toString('base64') });
    for (const confirmation of [null, forged]) {
      const there = await machine({
        talk: async (talk) => {
          await talk.pair();
          await talk.ask(confirmation);
          return true;
        },
      });
      await expect(technician.connect(there.address)).rejects.toMatchObject({ exitCode: 5, name: 'PairingFailed' });
      expect(there.asked).toEqual([]);
    }
    expect(new MachineBook(home).all()).toEqual([]);
    expect((await events()).map(({ type }) => type)).not.toContain('request.sent');
  });

  it('guesses on: the third code that does not fit is the last that is proven to it', async () => {
    const there = await machine({
      talk: async (talk) => {
        for (;;) await talk.pair('wrong-code', { attemptsLeft: 3 }, { hostKey: 'SHA256:another' });
      },
    });
    technician.codes = [TEST_CODE, TEST_CODE, TEST_CODE, TEST_CODE];
    await expect(technician.connect(there.address)).rejects.toMatchObject({ exitCode: 5, name: 'PairingFailed' });
    expect(there.codes).toEqual([WRONG, WRONG, WRONG]);
  });

  const strangers = parseSignerKey(generateSignerKey('chaperone/machine/x').signerKey);
  it.each<[string, TestMachineOptions]>([
    ['for another machine', { grant: (grant) => ({ ...grant, machine: { ...grant.machine, id: '735004124' } }) }],
    [
      'for another technician',
      {
        grant: (grant) => ({
          ...grant,
          technician: { ...grant.technician, keyFingerprint: `SHA256:${'x'.repeat(43)}` },
        }),
      },
    ],
    ['for more than was asked', { scopes: ['diagnostics', 'shell.admin'] }],
    [
      'that nobody signed',
      {
        control: (channel, self) => {
          const answer = self.answer.bind(self);
          self.answer = (method, params) => {
            const result = answer(method, params);
            return method === 'session.info' && typeof result === 'object'
              ? { ...result, machineKey: strangers.verifier.key }
              : result;
          };
          self.serveControl(channel);
        },
      },
    ],
  ])('shows a grant %s', async (_what, options) => {
    const there = await machine(options);
    await expect(technician.connect(there.address)).rejects.toMatchObject({ exitCode: 5 });
    expect(new SessionStore(home).list()).toEqual([]);
  });

  it('sends a receipt that it did not sign: it is kept, and said to be wrong', async () => {
    const there = await machine();
    const session = await technician.connect(there.address);
    there.end('Over.', there.receiptNote().replace('T-1', 'T-2'));
    await session.finished;
    expect(session.snapshot().receipt).toMatchObject({ verified: { problem: expect.any(String) } });
    expect(new SessionStore(home).receiptNote(session.id)).toContain('T-2');
  });
});

describe('the local user, or the clock, says no', () => {
  const ending = (state: 'denied' | 'expired') => async (talk: Talk) => {
    await talk.ask(await talk.pair());
    await talk.tell('displayed', { until: new Date(Date.now() + 60_000).toISOString() });
    await talk.tell(state, { message: `The request was ${state}.` });
    return false;
  };

  it.each(['denied', 'expired'] as const)('%s', async (state) => {
    const there = await machine({ talk: ending(state) });
    await expect(technician.connect(there.address)).rejects.toMatchObject({
      exitCode: 3,
      outcome: state,
      message: `the request was ${state}`,
    });
    expect((await events()).at(-1)).toMatchObject({ type: 'connection.failed' });
  });

  it('the third wrong code needs a new one', async () => {
    const there = await machine({
      talk: async (talk) => {
        await talk.pair();
        for (const attemptsLeft of [2, 1]) {
          await talk.pair('wrong-code', { attemptsLeft });
        }
        await talk.tell('refused', { code: 'new-code-needed', message: 'Not right either.' });
        return false;
      },
    });
    technician.codes = ['28-harbor-violet', '29-harbor-violet'];
    await expect(technician.connect(there.address, { code: '26-harbor-violet' })).rejects.toMatchObject({
      exitCode: 3,
      hint: expect.stringMatching(/new code.*somebody may be in between.*SHA256:/),
    });
    expect(there.codes).toEqual([WRONG, WRONG, WRONG]);
    expect(technician.codeQuestions.map(({ triesLeft }) => triesLeft)).toEqual([2, 1]);
    expect(technician.codeQuestions[0]?.words).toContain('somebody may be in between');
    expect(new MachineBook(home).all()).toEqual([]); // the key that answered is nobody's yet
  });

  it('a key that is not listed is refused before any question', async () => {
    const there = await machine({ technicians: [] });
    await expect(technician.connect(there.address)).rejects.toMatchObject({ exitCode: 3, name: 'KeyRefused' });
    expect(there.codes).toEqual([]);
  });

  it('says why a certificate is refused, in the words of the machine', async () => {
    const message = 'Your certificate has expired: valid until 2026-06-01T12:00:00Z.';
    const there = await machine({
      refusesKeys: true,
      talk: async (talk) => {
        await talk.tell('refused', { message, code: 'certificate-expired' });
        return false;
      },
    });
    await expect(technician.connect(there.address)).rejects.toMatchObject({
      exitCode: 3,
      message: 'your certificate has expired: valid until 2026-06-01T12:00:00Z',
      hint: expect.stringContaining('chaperone whoami'),
    });
    expect(technician.codeQuestions).toEqual([]);
  });
});

describe('the machine vanishes', () => {
  it('nothing listens there', async () => {
    const there = await machine();
    const { address } = there;
    await there[Symbol.asyncDispose]();
    await expect(technician.connect(address)).rejects.toMatchObject({ exitCode: 4 });
    expect((await events()).map(({ type }) => type)).toEqual(['connection.failed']);
    stack = new AsyncDisposableStack();
    stack.use(technician);
  });

  it('before it says who it is', async () => {
    const there = await machine({ onSocket: (socket) => socket.destroy() });
    await expect(technician.connect(there.address)).rejects.toMatchObject({ exitCode: 4 });
  });

  it('in the middle of its first words', async () => {
    const there = await machine({ onSocket: (socket) => socket.end('SSH-2.0-Chap') });
    await expect(technician.connect(there.address)).rejects.toMatchObject({ exitCode: 4 });
  });

  it.each<[string, (talk: Talk) => Promise<unknown>]>([
    ['while it asks for the code', async () => undefined],
    ['while the person is asked', (talk) => talk.tell('displayed')],
    ['after the person accepted', (talk) => talk.tell('granted')],
  ])('%s', async (_when, before) => {
    const there = await machine({
      talk: async (talk, self) => {
        await before(talk);
        self.vanish();
        return false;
      },
    });
    await expect(technician.connect(there.address)).rejects.toMatchObject({ exitCode: 4 });
  });

  it('before it answers the first request', async () => {
    const there = await machine({ control: (_channel, self) => self.vanish() });
    await expect(technician.connect(there.address)).rejects.toMatchObject({ exitCode: 6 });
  });

  it('in the session: it is over, and says so', async () => {
    const there = await machine();
    const session = await technician.connect(there.address);
    there.vanish();
    await session.finished;
    expect(session.snapshot()).toMatchObject({ state: 'ended', receipt: null });
    expect(new SessionStore(home).find(session.id)?.ending).toContain('connection');
  });

  it('and the technician too: giving up closes the connection', async () => {
    const waiting = Promise.withResolvers<void>();
    const there = await machine({
      talk: async (talk) => {
        await talk.tell('displayed');
        waiting.resolve();
        await new Promise(() => undefined);
        return false;
      },
    });
    const outcome = technician.connect(there.address);
    outcome.catch(() => undefined);
    await waiting.promise;
    technician.abort.abort();
    await expect(outcome).rejects.toMatchObject({ name: 'GivenUp' });
  });
});

describe('before anything travels', () => {
  it('an incomplete request is refused', async () => {
    const there = await machine();
    const { port } = new URL(`tcp://${there.address}`);
    const probe = connect(Number(port), '127.0.0.1');
    await once(probe, 'connect');
    probe.destroy();
    await expect(technician.connect(there.address, { scopes: [] })).rejects.toMatchObject({ exitCode: 2 });
    expect(there.codes).toEqual([]);
  });

  it('an unknown connection ID says how to name the address', async () => {
    await expect(technician.connect('735 004 124')).rejects.toMatchObject({
      exitCode: 4,
      hint: expect.stringContaining('735004124@'),
    });
  });
});
