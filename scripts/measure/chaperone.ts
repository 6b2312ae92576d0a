// Chaperone as a target: the real daemon with recording, mirror and log on, and a person who answers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Client, ConnectConfig } from 'ssh2';
import { REASON_PROMPT, SCOPES_PROMPT, TICKET_PROMPT } from '../../protocol/conversation.ts';
import { PAIRING_PROMPT } from '../../protocol/pairing/messages.ts';
import { CLIENT_SOFTWARE } from '../../protocol/ssh-software.ts';
import { answerPairing } from '../../test/harness/pairing.ts';
import type { Person } from '../../test/harness/person.ts';
import { CHAPERONE } from '../../test/harness/place.ts';
import { RealMachine } from '../../test/harness/real-machine.ts';
import { logIn, logOut } from './log-in.ts';
import type { Target } from './target.ts';

const REASON = 'measuring';
const TICKET = 'BENCH-1';

export async function startChaperone(): Promise<Target> {
  const machine = await RealMachine.start({ maxSession: '12h' });
  const person = await machine.person();
  return {
    name: 'Chaperone',
    async connect() {
      const code = await machine.code();
      const waited = answerOne(person);
      const client = await logIn({
        host: machine.host,
        port: machine.port,
        user: machine.id,
        privateKey: machine.key().privateKey,
        prepare: (arriving) => answerPrompts(arriving, code, machine.key().publicKey),
      });
      return { client, waitedForPersonMs: await waited, [Symbol.asyncDispose]: () => logOut(client) };
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

/** Speaks like `chaperone`: pairs, then asks. */
function answerPrompts(client: Client, code: string, publicKey: string): Partial<ConnectConfig> {
  let hostKey = Buffer.alloc(0);
  const answers: Readonly<Record<string, string>> = {
    [REASON_PROMPT]: REASON,
    [TICKET_PROMPT]: TICKET,
    [SCOPES_PROMPT]: 'diagnostics shell',
  };
  client.on('keyboard-interactive', (_name, instruction, _language, prompts, finish) =>
    finish(
      prompts.map(({ prompt }) =>
        prompt === PAIRING_PROMPT
          ? answerPairing(instruction, { client, hostKey, publicKey, code })
          : (answers[prompt] ?? ''),
      ),
    ),
  );
  return {
    ident: CLIENT_SOFTWARE,
    tryKeyboard: true,
    authHandler: ['publickey', 'keyboard-interactive'],
    hostVerifier: (blob: Buffer) => {
      hostKey = Buffer.from(blob);
      return true;
    },
  };
}
