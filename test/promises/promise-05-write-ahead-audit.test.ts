// Promise 5: an action is durable in the log before its effect reaches the technician. The daemon is killed at moments
// that nobody chose, and everything that the technician saw must be in the log.

import { describe, expect, it } from 'vitest';
import { RealMachine } from '../harness/real-machine.ts';

const ROUNDS = 5;

describe('promise 5: write-ahead audit', () => {
  it('has every effect that was seen in a log that verifies, whenever the daemon is killed', async () => {
    await using machine = await RealMachine.start();
    for (let round = 0; round < ROUNDS; round += 1) {
      const from = (await machine.record()).length;
      const technician = await machine.session();
      const control = await technician.control();
      const shells = [await technician.shell()];
      // Many actions at once; the kill comes after some answers, never at the same one.
      const killAfter = 3 + round * 4;
      const { promise: enough, resolve } = Promise.withResolvers<void>();
      let seen = 0;
      const note = (): void => {
        seen += 1;
        if (seen === killAfter) resolve();
      };
      const chats: string[] = [];
      for (let index = 0; index < 40; index += 1) {
        const text = `round ${round} line ${index}`;
        void control.request('chat.send', { text }).then(({ error }) => {
          if (error !== undefined) return;
          chats.push(text);
          note();
        });
      }
      for (let index = 0; index < 4; index += 1) {
        void control.request('diagnostics.run', { id: 'memory', parameters: {} }).then(note);
      }
      void technician.shell().then(
        (shell) => shells.push(shell),
        () => undefined,
      );
      await enough;
      await machine.kill();
      await technician.closed;
      const runs = control.lines.filter(({ result }) => Number.isInteger(Reflect.get(Object(result), 'run'))).length;
      const saidChats = [...chats];
      const opened = shells.filter(({ text }) => text !== '').length;

      await machine.startAgain();
      const events = await machine.record(from);
      const logged = events.filter(({ type }) => type === 'chat.message').map(({ fields }) => fields.text);
      expect(logged).toEqual(expect.arrayContaining(saidChats));
      expect(events.filter(({ type }) => type === 'diagnostic.started').length).toBeGreaterThanOrEqual(runs);
      expect(events.filter(({ type }) => type === 'shell.opened').length).toBeGreaterThanOrEqual(opened);
      const verified = await machine.chaperoned('audit', 'verify', '--json');
      expect(verified.code).toBe(0);
      expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, findings: [] });
    }
  });
});
