// Promise 8, on the machine's side: a technician's program tries everything that SSH knows, at every time.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealMachine } from '../harness/real-machine.ts';
import { ATTEMPTS, type Attempt, attempt, calledInLog, ONLY_IN_A_SESSION } from './attempts.ts';
import { expectHealthy } from './health.ts';
import { HostilePeer } from './hostile-peer.ts';

const EVERYTHING = [...ATTEMPTS, ...ONLY_IN_A_SESSION];
const GRANTED = new Set(['CHANNEL_OPEN_CONFIRMATION', 'CHANNEL_SUCCESS', 'REQUEST_SUCCESS', 'USERAUTH_SUCCESS']);

let machine: RealMachine;
let pid: number;
beforeAll(async () => {
  machine = await RealMachine.start();
  pid = machine.pid;
});
afterAll(async () => {
  await expectHealthy(machine, pid);
  await machine[Symbol.asyncDispose]();
});

/** Resolves when the log holds a refusal of each, in any order. */
async function untilRefused(
  session: string | null,
  attempts: readonly Attempt[],
  open: boolean,
  from: number,
): Promise<void> {
  const missing = new Set(attempts.map((each) => calledInLog(each, open)));
  await machine.untilRecorded((event) => {
    if (event.type === 'ssh.refused' && event.session === session) missing.delete(String(event.fields.what));
    return missing.size === 0;
  }, from);
}

function granted(peer: HostilePeer): string[] {
  return peer.heard.map(({ name }) => name).filter((name) => GRANTED.has(name));
}

describe('before a listed key was shown', () => {
  // Each ends its connection, and the log takes thirty such connections a minute: one of a kind.
  const kinds = new Map(EVERYTHING.map((each) => [calledInLog(each), each]));
  it.each([...kinds])('refuses %s', async (_name, each) => {
    const from = (await machine.record()).length;
    const { promise, resolve } = Promise.withResolvers<void>();
    await using technician = await machine.technician({
      // Called when the handshake is done: it tries no method at all.
      config: { authHandler: () => resolve() },
    });
    const peer = new HostilePeer(technician.client);
    await promise;
    attempt(peer, each);
    const refused = await machine.untilRecorded(({ type }) => type === 'connection.refused', from);
    expect(refused.fields.reason).toContain(`it tried ${calledInLog(each)}`);
    expect(granted(peer)).toEqual([]);
  });
});

describe('while the person is being asked', () => {
  it('refuses everything, and the answer still counts', async () => {
    const from = (await machine.record()).length;
    using person = await machine.person();
    await using technician = await machine.technician();
    const asked = await person.asked();
    const peer = new HostilePeer(technician.client);
    for (const each of EVERYTHING) attempt(peer, each);
    await untilRefused(asked.question.id, EVERYTHING, false, from);
    expect(granted(peer)).toEqual([]);
    expect((await machine.status()).sessions).toEqual([]);
    asked.deny();
    await technician.closed;
  });
});

describe('during a session and after its end', () => {
  it('refuses what is not in the grant, on its own channel and on others', async () => {
    const from = (await machine.record()).length;
    await using technician = await machine.session();
    const [live] = (await machine.status()).sessions;
    const peer = new HostilePeer(technician.client);
    const channel = await peer.openChannel();
    for (const each of ATTEMPTS) {
      if (each.kind === 'channel') {
        expect([each.name, await peer.openChannel(each.name, { data: each.data })]).toEqual([each.name, null]);
      } else if (each.kind === 'global request') {
        expect([each.name, await peer.globalRequest(each.name, each.data)]).toEqual([each.name, false]);
      } else if (channel !== null) {
        expect([each.name, await peer.channelRequest(channel, each.name, each.data)]).toEqual([each.name, false]);
      }
    }
    await untilRefused(live?.id ?? '', ATTEMPTS, true, from);

    await machine.end();
    const afterEnd = (await machine.record()).length;
    peer.heard.length = 0;
    for (const each of EVERYTHING) attempt(peer, each, channel?.remote);
    await technician.closed;
    await untilRefused(live?.id ?? '', EVERYTHING, false, afterEnd);
    expect(granted(peer)).toEqual([]);
  });

  it('counts what is tried again and again, and does not fill the log with it', async () => {
    await using technician = await machine.session();
    const from = (await machine.record()).length;
    const peer = new HostilePeer(technician.client);
    for (let index = 0; index < 3000; index += 1) peer.askForChannel('session-of-mine');
    for (let index = 0; index < 3000; index += 1) peer.askForChannel(`made-up-${index}`);
    await peer.until(({ name, args }) => name === 'CHANNEL_OPEN_FAILURE' && Number(args[0]) >= 1000 + 5999);
    await machine.end();
    expect((await machine.record(from)).length).toBeLessThan(400);
  });
});
