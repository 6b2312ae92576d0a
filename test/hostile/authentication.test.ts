// Who gets as far as the person, and who does not: keys, names, codes and conversations that are not what they should be.

import { createConnection } from 'node:net';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REASON_PROMPT } from '../../protocol/conversation.ts';
import { PAIRING_PROMPT } from '../../protocol/pairing/messages.ts';
import type { InfoRequest } from '../../tui/connection/packet-gate.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { makeTechnicianKey } from '../harness/technician-key.ts';
import { expectHealthy } from './health.ts';
import { flag, HostilePeer, MESSAGE, text, u32 } from './hostile-peer.ts';

const WRONG_CODE = '99-wrong-guess';

let machine: RealMachine;
let pid: number;
beforeAll(async () => {
  machine = await RealMachine.start({ technicians: [{ name: 'Dana Roe' }, { name: 'Lee Poe' }] });
  pid = machine.pid;
});
afterAll(async () => {
  await expectHealthy(machine, pid);
  await machine[Symbol.asyncDispose]();
});

const size = async (): Promise<number> => (await machine.record()).length;

/** Resolves when the log says so; other connections may be refused meanwhile. */
async function untilRefused(reason: string, from: number): Promise<void> {
  await machine.untilRecorded(({ type, fields }) => type === 'connection.refused' && fields.reason === reason, from);
}

/** The end of a connection that shows no key by itself: what it does is up to the test. */
async function stranger() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const technician = await machine.technician({ config: { authHandler: () => resolve() } });
  const peer = new HostilePeer(technician.client);
  await promise;
  return { technician, peer };
}

/** Asks for the conversation in which code, reason and permissions are asked for. */
function converse(peer: HostilePeer, user = machine.id): void {
  const [service, method] = [text('ssh-connection'), text('keyboard-interactive')];
  peer.send(MESSAGE.authRequest, text(user), service, method, text(''), text(''));
}

/** A publickey request whose signature `sign` makes, from the key's own line. */
function keyRequest(user: string, key: string, signature: Buffer | null): Buffer[] {
  const [type = '', blob = ''] = key.split(' ');
  return [
    text(user),
    text('ssh-connection'),
    text('publickey'),
    flag(signature !== null),
    text(type),
    text(Buffer.from(blob, 'base64')),
    ...(signature === null ? [] : [text(Buffer.concat([text(type), text(signature)]))]),
  ];
}

describe('a stranger', () => {
  it.each([
    ['no method at all', [text('none')]],
    ['a password', [text('password'), flag(false), text('hunter2')]],
    ['keyboard-interactive without a key', [text('keyboard-interactive'), text(''), text('')]],
  ])('gets nowhere with %s', async (_name, fields) => {
    const { technician, peer } = await stranger();
    await using _ = technician;
    peer.send(MESSAGE.authRequest, text(machine.id), text('ssh-connection'), ...fields);
    const refused = await peer.until(({ name }) => name === 'USERAUTH_FAILURE');
    expect(refused.args).toEqual([['publickey'], false]);
    expect(technician.prompts).toEqual([]);
  });

  it('gets nowhere with a key that nobody listed', async () => {
    const from = await size();
    await using technician = await machine.technician({ key: makeTechnicianKey(machine.root, 'unlisted') });
    await expect(technician.ready).rejects.toThrow('no session');
    expect(technician.prompts).toEqual([]);
    await untilRefused('it went away before it showed a known key', from);
  });

  it('gets nowhere with a listed key that it cannot sign with', async () => {
    const { technician, peer } = await stranger();
    await using _ = technician;
    const { publicKey } = machine.key();
    peer.send(MESSAGE.authRequest, ...keyRequest(machine.id, publicKey, Buffer.alloc(64)));
    expect((await peer.until(({ name }) => name === 'USERAUTH_FAILURE')).args).toEqual([['publickey'], false]);
    converse(peer);
    await peer.until(({ name }) => name === 'USERAUTH_FAILURE', peer.heard.length - 1);
    expect(technician.prompts).toEqual([]);
  });

  it('gets nowhere with a signature of another connection', async () => {
    const parsed = ssh2.utils.parseKey(machine.key().privateKey);
    if (parsed instanceof Error) throw parsed;
    const { technician, peer } = await stranger();
    await using _ = technician;
    const { publicKey } = machine.key();
    // What RFC 4252 §7 has signed, but with a session identifier that is not this connection's.
    const signed = Buffer.concat([
      text(Buffer.alloc(32)),
      Buffer.from([MESSAGE.authRequest]),
      ...keyRequest(machine.id, publicKey, Buffer.alloc(0)).slice(0, -1),
    ]);
    const signature = parsed.sign(signed);
    if (signature instanceof Error) throw signature;
    peer.send(MESSAGE.authRequest, ...keyRequest(machine.id, publicKey, signature));
    expect((await peer.until(({ name }) => name === 'USERAUTH_FAILURE')).args).toEqual([['publickey'], false]);
  });

  it('is turned away when it asks for another machine', async () => {
    const from = await size();
    await using technician = await machine.technician({ username: '100000009' });
    await expect(technician.ready).rejects.toThrow('no session');
    expect(technician.prompts).toEqual([]);
    await untilRefused('it asked for another machine', from);
  });
});

describe('a listed key', () => {
  /** Proves the first technician's key and stops there. */
  async function proven(then: (peer: HostilePeer) => void) {
    const from = await size();
    const { promise, resolve } = Promise.withResolvers<void>();
    let tries = 0;
    const technician = await machine.technician({
      config: {
        authHandler: (_left, _partial, next) => {
          tries += 1;
          if (tries === 1) next({ type: 'publickey', username: machine.id, key: machine.key().privateKey });
          else resolve();
        },
      },
    });
    const peer = new HostilePeer(technician.client);
    await promise;
    then(peer);
    return { technician, peer, from };
  }

  it('does not let the name be switched after it was proven', async () => {
    const { technician, from } = await proven((peer) => converse(peer, 'root'));
    await technician.closed;
    expect(technician.prompts).toEqual([]);
    await untilRefused('it went away before it could be asked for the code', from);
  });

  it('does not let another key take its place', async () => {
    const { technician, peer } = await proven((hostile) =>
      hostile.send(MESSAGE.authRequest, ...keyRequest(machine.id, machine.key('Lee Poe').publicKey, Buffer.alloc(64))),
    );
    await using _ = technician;
    await peer.until(({ name, args }) => name === 'USERAUTH_FAILURE' && args[1] === false);
    // Whoever it claimed to be since: the conversation is with the one who proved it.
    const from = await size();
    converse(peer);
    const authenticated = await machine.untilRecorded(({ type }) => type === 'technician.authenticated', from);
    expect(authenticated.fields.technician).toMatchObject({ name: 'Dana Roe' });
  });

  it('does not start a second conversation while the person is asked', async () => {
    using person = await machine.person();
    await using technician = await machine.technician();
    const asked = await person.asked();
    const from = await size();
    const peer = new HostilePeer(technician.client);
    converse(peer);
    await technician.closed;
    await asked.withdrawn;
    asked.allowAtOnce(['shell']);
    expect(technician.prompts.filter((prompt) => prompt === PAIRING_PROMPT)).toHaveLength(1);
    await machine.untilRecorded(({ type }) => type === 'consent.withdrawn', from);
    expect((await machine.record(from)).map(({ type }) => type)).not.toContain('session.started');
  });

  it('does not stay for ever on requests that it piles up', async () => {
    const { technician, from } = await proven((peer) => {
      for (let index = 0; index < 5000; index += 1) {
        peer.send(
          MESSAGE.authRequest,
          text(machine.id),
          text('ssh-connection'),
          text('password'),
          flag(false),
          text('x'.repeat(200)),
        );
      }
      peer.send(MESSAGE.authRequest, text('x'), text('ssh-connection'), text('none'));
    });
    await technician.closed;
    await untilRefused('it went away before it could be asked for the code', from);
  });
});

describe('no prompt without the right code', () => {
  it('makes a new code after three wrong ones and asks nobody', async () => {
    using person = await machine.person();
    const from = await size();
    const before = await machine.code();
    await using technician = await machine.technician({ code: WRONG_CODE });
    await expect(technician.ready).rejects.toThrow('no session');
    expect(technician.prompts).toEqual([PAIRING_PROMPT, PAIRING_PROMPT, PAIRING_PROMPT]);
    expect(await machine.code()).not.toBe(before);
    await machine.untilRecorded(({ type, fields }) => type === 'code.wrong' && fields.attemptsLeft === 0, from);
    const types = (await machine.record(from)).map(({ type }) => type);
    expect(types.filter((type) => type === 'code.wrong')).toHaveLength(3);
    expect(types).not.toContain('consent.prompted');
    expect(person.unseen).toBe(0);
  });

  it('counts the tries of all connections together', async () => {
    const before = await machine.code();
    for (let index = 0; index < 3; index += 1) {
      await using technician = await machine.technician({ code: WRONG_CODE, tries: 1 });
      await technician.told.until(/\[(wrong-code|refused)\]/);
    }
    expect(await machine.code()).not.toBe(before);
  });

  it('takes a code once', async () => {
    using person = await machine.person();
    const code = await machine.code();
    await using first = await machine.technician({ code });
    const asked = await person.asked();
    await using second = await machine.technician({ code, name: 'Lee Poe', tries: 1 });
    await second.untilTold('wrong-code');
    asked.deny();
    await first.closed;
  });

  it('takes an old code for a wrong one', async () => {
    const old = await machine.code();
    await machine.chaperoned('code', '--new');
    await using technician = await machine.technician({ code: old, tries: 1 });
    await technician.untilTold('wrong-code');
  });
});

describe('a conversation that is none', () => {
  it.each([
    ['no answer to a question', []],
    ['more answers than questions', ['27-harbor-violet', 'b', 'c']],
    ['an endless answer', ['x'.repeat(100_000 / 4)]],
  ])('ends with %s', async (_name, answers) => {
    using person = await machine.person();
    const from = await size();
    await using technician = await machine.technician({
      answer: ({ prompts }) => (prompts.includes(PAIRING_PROMPT) ? answers : []),
    });
    await expect(technician.ready).rejects.toThrow('no session');
    expect(person.unseen).toBe(0);
    await untilRefused("the technician's program broke the conversation", from);
  });

  it('ends when it answers what it was not asked', async () => {
    using person = await machine.person();
    const from = await size();
    await using technician = await machine.technician({
      answer: (request) =>
        request.prompts.includes(REASON_PROMPT) ? undefined : request.prompts.map(() => technician.prove(request)),
    });
    const peer = new HostilePeer(technician.client);
    await technician.told.until('welcome');
    for (let index = 0; index < 200; index += 1) peer.send(MESSAGE.infoResponse, u32(1), text('x'));
    await technician.closed;
    expect(person.unseen).toBe(0);
    await untilRefused("the technician's program broke the conversation", from);
  });

  it.each([
    ['fewer answers than it says', [u32(3), text('one')]],
    ['four thousand million answers', [u32(0xffff_ffff)]],
    ['an answer longer than its packet', [u32(1), u32(0x7fff_ffff), Buffer.from('x')]],
  ])('is cut off when it announces %s', async (_name, fields) => {
    const from = await size();
    await using technician = await machine.technician({
      answer: ({ prompts }) => (prompts.length === 0 ? [] : undefined),
    });
    const peer = new HostilePeer(technician.client);
    await technician.untilTold('welcome');
    await machine.untilRecorded(({ type }) => type === 'technician.authenticated', from);
    peer.send(MESSAGE.infoResponse, ...fields);
    await technician.closed;
  });

  it('takes the question away when its program breaks the conversation', async () => {
    using person = await machine.person();
    const from = await size();
    await using technician = await machine.technician({
      answer: (request) => {
        const { prompts } = request;
        if (prompts.length === 0) return technician.prompts.length > 1 ? ['what nobody asked'] : [];
        return prompts.length === 1 ? [technician.prove(request)] : ['the printer', 'T-1', 'shell'];
      },
    });
    const asked = await person.asked();
    await asked.withdrawn;
    await technician.closed;
    await machine.untilRecorded(({ type }) => type === 'consent.withdrawn', from);
  });

  it('takes the question away when answers come while nothing is asked', async () => {
    using person = await machine.person();
    const from = await size();
    await using technician = await machine.technician();
    const peer = new HostilePeer(technician.client);
    const asked = await person.asked();
    await technician.untilTold('displayed'); // and its program has answered that
    peer.send(MESSAGE.infoResponse, u32(1), text('x'));
    await asked.withdrawn;
    await technician.closed;
    await machine.untilRecorded(({ type }) => type === 'consent.withdrawn', from);
  });

  it('cannot hold up the person by never taking what it is told', async () => {
    using person = await machine.person();
    const from = await size();
    // Answers the questions, and leaves every status that follows without an answer.
    await using technician = await machine.technician({
      answer: (request) => (technicianIsAsked ? undefined : answersTo(request)),
    });
    let technicianIsAsked = false;
    function answersTo(request: InfoRequest): readonly string[] {
      if (request.prompts.includes(REASON_PROMPT)) {
        technicianIsAsked = true;
        return ['the printer', 'T-1', 'shell'];
      }
      return request.prompts.map(() => technician.prove(request));
    }
    const asked = await person.asked();
    asked.deny();
    await machine.untilRecorded(({ type }) => type === 'consent.denied', from);
    await technician.closed;
  });
});

describe('bytes that are not SSH', () => {
  it.each([
    ['a web browser', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['an old SSH', 'SSH-1.5-old\r\n'],
    ['an endless line', 'x'.repeat(300_000)],
    ['a line that moves the cursor', 'SSH-2.0-\u001b]0;evil\u0007\u001b[2J\r\n'],
    ['a packet of four gigabytes', Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.alloc(64, 0xff)])],
    ['noise', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 37) % 256))],
  ])('from %s end the connection', async (_name, bytes) => {
    const socket = createConnection(machine.port, machine.host);
    socket.on('error', () => undefined);
    const over = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.resume();
    socket.write(bytes);
    socket.end();
    await over;
    expect((await machine.status()).pid).toBe(pid);
  });
});
