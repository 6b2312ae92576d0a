// Promise 8: nothing that a machine sends can drive the technician's terminal, and nothing that a technician sends can
// drive the machine outside the granted scopes. test/e2e/injection.test.ts and test/hostile/ go through every trick.

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { controlsIn, INJECTIONS, wrapped } from '../fixtures/injection.ts';
import { RealMachine } from '../harness/real-machine.ts';
import { Transcript } from '../harness/transcript.ts';

const CHAT_MAX = 2000; // characters, by the protocol
const LAST = 'that was all';
const Chat = z.object({ text: z.string() }).loose();

describe('promise 8: neither side can drive the other', () => {
  it('lets text through in both directions, and nothing that a terminal obeys', async () => {
    await using machine = await RealMachine.start();
    const person = await machine.person();
    const coming = await machine.technician({ reason: wrapped(INJECTIONS[0] ?? never()), ticket: '\x1b[2JT-1' });
    const asked = await person.asked();
    const read = [asked.question.reason, asked.question.ticket, asked.question.technician.name];
    await asked.allow();
    await coming.ready;
    const control = await coming.control();
    const seen = new Transcript();
    const local = await machine.connectLocal();
    await local.watch({
      onSession: () => undefined,
      onFrame: () => undefined,
      onNotice: (_session, line) => {
        read.push(line);
        seen.append(`${line}\n`);
      },
      onReceipt: () => undefined,
    });
    const tricks = INJECTIONS.map((trick) => wrapped(trick).slice(0, CHAT_MAX));
    for (const text of tricks) await control.request('chat.send', { text });
    await control.request('chat.send', { text: LAST });
    await seen.until(LAST);
    for (const text of [...tricks, LAST]) await local.say(null, text);
    await control.received.until(new RegExp(`"local user"[^\n]*${LAST}`));
    read.push(...control.heard('chat.message').map((message) => Chat.parse(message).text));
    expect(read.length).toBeGreaterThan(2 * INJECTIONS.length);
    expect(read.flatMap((text) => controlsIn(text.replaceAll('\n', '')))).toEqual([]);
    await machine.end();
  });

  it('lets a program into nothing but what was granted, and logs what it tried', async () => {
    await using machine = await RealMachine.start();
    const from = (await machine.record()).length;
    await using technician = await machine.session({ scopes: 'diagnostics' });
    const { client } = technician;
    const tries: Record<string, (done: (error?: Error | boolean) => void) => void> = {
      exec: (done) => void client.exec('id', done),
      shell: (done) => void client.shell(done),
      sftp: (done) => void client.sftp(done),
      forward: (done) => void client.forwardOut('127.0.0.1', 1, '127.0.0.1', 22, done),
      listen: (done) => void client.forwardIn('127.0.0.1', 0, done),
    };
    for (const [name, attempt] of Object.entries(tries)) {
      const refused = await new Promise((resolve) => attempt((error) => resolve(error instanceof Error)));
      expect([name, refused]).toEqual([name, true]);
    }
    const missing = new Set([
      'channel request exec',
      'channel request pty-req',
      'subsystem sftp',
      'channel direct-tcpip',
      'global request tcpip-forward',
    ]);
    await machine.untilRecorded(({ type, fields }) => {
      if (type === 'ssh.refused') missing.delete(String(fields.what));
      return missing.size === 0;
    }, from);
    await machine.end();
  });
});

function never(): never {
  throw new Error('there are injections');
}
