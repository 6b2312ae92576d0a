// Connections that want nothing but places: silent ones, slow ones, and very many.

import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealMachine } from '../harness/real-machine.ts';
import { expectHealthy } from './health.ts';

const PLACES = 64; // of the machine, for all connections together
const WAITING_PER_KEY = 4; // after a proven key, before an answer
const ARRIVALS_PER_KEY = 120; // at once
const LOGGED_PER_MINUTE = 30;

let machine: RealMachine;
let pid: number;
const sockets = new Set<Socket>();
beforeAll(async () => {
  machine = await RealMachine.start();
  pid = machine.pid;
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await expectHealthy(machine, pid);
  await machine[Symbol.asyncDispose]();
});

/** A connection that says `first` and then nothing; resolves when it is open. */
async function connect(first: string): Promise<{ socket: Socket; over: Promise<void> }> {
  const socket = createConnection(machine.port, machine.host);
  sockets.add(socket);
  socket.on('error', () => undefined);
  const over = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await once(socket, 'connect');
  socket.resume();
  if (first !== '') socket.write(first);
  return { socket, over };
}

describe('a crowd at the door', () => {
  it('is let wait for a while, then turned away, and logged at a bounded rate', async () => {
    const from = (await machine.record()).length;
    const before = machine.memoryMiB();
    // Half of them silent, half of them with a greeting and no more; twice as many as there are places.
    const crowd = await Promise.all(
      Array.from({ length: PLACES * 2 }, (_, index) => connect(index % 2 === 0 ? '' : 'SSH-2.0-slow\r\n')),
    );
    await machine.untilRecorded(
      ({ type, fields }) => type === 'connection.refused' && String(fields.reason).includes(`${PLACES} connections`),
      from,
    );
    // The local user is not kept waiting by any of it.
    expect((await machine.status()).pid).toBe(pid);
    expect((await machine.chaperoned('code', '--json')).code).toBe(0);
    // Nobody pushes anyone out: each goes by a clock of its own.
    await Promise.all(crowd.map(({ over }) => over));
    const refused = (await machine.record(from)).filter(({ type }) => type === 'connection.refused');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(LOGGED_PER_MINUTE);
    expect(machine.memoryMiB() - before).toBeLessThan(100);
  });

  it('comes and goes a thousand times', async () => {
    const before = machine.memoryMiB();
    for (let round = 0; round < 25; round += 1) {
      const storm = await Promise.all(Array.from({ length: 40 }, () => connect('SSH-2.0-storm\r\n')));
      for (const { socket } of storm) socket.destroy();
      await Promise.all(storm.map(({ over }) => over));
    }
    expect(machine.memoryMiB() - before).toBeLessThan(150);
  });

  it('of one listed technician without a code leaves places for others', async () => {
    await using machine = await RealMachine.start(); // of its own: refusals that are logged are counted by the minute
    await using crowd = new AsyncDisposableStack();
    const wait = async () => {
      const technician = crowd.use(await machine.technician({ answer: () => undefined }));
      await technician.told.until('welcome');
      return technician;
    };
    const first = await wait();
    for (let more = 0; more < WAITING_PER_KEY; more += 1) await wait();
    await first.closed;
    const refused = await machine.untilRecorded(({ type }) => type === 'connection.refused');
    expect(refused.fields.reason).toContain('too many connections of its key');
    expect((await machine.record()).filter(({ type }) => type === 'connection.refused')).toHaveLength(1);
  });

  it('of listed technicians who leave as soon as they are known', async () => {
    for (let round = 0; round < 10; round += 1) {
      const technicians = await Promise.all(
        Array.from({ length: 4 }, () => machine.technician({ answer: () => undefined })),
      );
      await Promise.all(technicians.map((technician) => technician.told.until('welcome')));
      await Promise.all(technicians.map((technician) => technician[Symbol.asyncDispose]()));
    }
    expect((await machine.status()).sessions).toEqual([]);
  });

  it('of one key that comes again and again is turned away in the end, and fills no log', async () => {
    await using machine = await RealMachine.start();
    const told: string[] = [];
    for (let round = 0; round < 35; round += 1) {
      await Promise.all(
        Array.from({ length: WAITING_PER_KEY }, async () => {
          await using technician = await machine.technician({ answer: () => undefined });
          told.push(await technician.told.until(/welcome|Too many/));
        }),
      );
    }
    const turnedAway = told.filter((words) => words.includes('Too many connections came with your key.'));
    const record = await machine.record();
    const written = record.filter(({ type }) => type === 'technician.authenticated').length;
    expect(written).toBe(told.length - turnedAway.length);
    expect(written).toBeGreaterThanOrEqual(ARRIVALS_PER_KEY);
    expect(turnedAway.length).toBeGreaterThan(0);
    await machine.untilRecorded(({ fields }) => fields.reason === 'too many connections came with its key');
  });
});
