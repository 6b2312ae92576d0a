// Chaperone as a target: the real daemon with recording, mirror and log on, and a person who answers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Person } from '../../test/harness/person.ts';
import { CHAPERONE } from '../../test/harness/place.ts';
import { RealMachine } from '../../test/harness/real-machine.ts';
import { answerPrompts, REASON, TICKET } from './answer-prompts.ts';
import { logIn, logOut } from './log-in.ts';
import type { Target } from './target.ts';

export async function startChaperone(): Promise<Target> {
  const machine = await RealMachine.start({ maxSession: '12h' });
  const person = await machine.person();
  return {
    name: 'Chaperone',
    async connect() {
      const code = await machine.code();
      const waited = answerOne(person);
      const begunAt = performance.now(); // the person has read the code out
      const client = await logIn({
        host: machine.host,
        port: machine.port,
        user: machine.id,
        privateKey: machine.key().privateKey,
        prepare: (arriving) => answerPrompts(arriving, { code, publicKey: machine.key().publicKey }),
      });
      return { client, begunAt, waitedForPersonMs: await waited, [Symbol.asyncDispose]: () => logOut(client) };
    },
    async coldStart() {
      const code = await machine.code();
      const waited = answerOne(person);
      const begin = performance.now();
      const args = ['run', machine.address, '--list', '--accept-new']; // connects, asks one question, leaves
      const request = ['--reason', REASON, '--ticket', TICKET, '--code', code, '--identity', machine.key().file];
      const chaperone = spawn(process.execPath, [CHAPERONE, ...args, ...request], {
        env: machine.technicianEnvironment(),
        stdio: 'ignore',
      });
      await once(chaperone, 'exit');
      if (chaperone.exitCode !== 0) throw new Error(`chaperone ended with ${chaperone.exitCode}`);
      return { durationMs: performance.now() - begin, waitedForPersonMs: await waited };
    },
    serverProcesses: () => [machine.pid],
    endAll: () => machine.end(),
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

/** Allows the next request; resolves to how long the person took, from the question on screen to the answer. */
async function answerOne(person: Person): Promise<number> {
  const question = await person.asked();
  const shown = performance.now();
  await question.allow();
  return performance.now() - shown;
}
