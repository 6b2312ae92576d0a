// From the TCP connection to the question on the person's screen, and what of it is pairing: the same way with the code
// proven and with the code typed, in alternating rounds, and the computing of both sides by itself.
import { randomBytes } from 'node:crypto';
import { MachineSide } from '../../protocol/pairing/machine-side.ts';
import { PairingAnswer, PairingOffer } from '../../protocol/pairing/messages.ts';
import { answerOffer } from '../../protocol/pairing/technician-side.ts';
import type { Person } from '../../test/harness/person.ts';
import { RealMachine } from '../../test/harness/real-machine.ts';
import { answerPrompts } from './answer-prompts.ts';
import { logIn } from './log-in.ts';
import { median, type Row } from './statistics.ts';
import type { Target } from './target.ts';

const COMPUTING_RUNS = 40;
const WARM_UP = 10; // of those: compiled code is what a daemon runs, and what a client soon does

const KINDS = ['paired', 'typed'] as const;

export async function connectToPrompt(targets: readonly Target[], rounds: number): Promise<Row[]> {
  if (targets.every(({ endAll }) => endAll === undefined)) return []; // no person is asked by any of them
  await using machine = await RealMachine.start({ allowPlainCode: true });
  using person = await machine.person();
  const times: Record<(typeof KINDS)[number], number[]> = { paired: [], typed: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) {
      const time = await untilAsked(machine, person, kind === 'typed');
      if (round > 0) times[kind].push(time); // the first round loads what a daemon loads once
    }
  }
  const ours = (value: number) => targets.map(({ endAll }) => (endAll === undefined ? undefined : value));
  return [
    { label: 'connect to prompt, paired', unit: 'ms', values: ours(median(times.paired)) },
    { label: 'connect to prompt, code typed', unit: 'ms', values: ours(median(times.typed)) },
    { label: 'computing to pair, both sides', unit: 'ms', values: ours(median(computing())) },
  ];
}

async function untilAsked(machine: RealMachine, person: Person, plain: boolean): Promise<number> {
  const [code, { privateKey, publicKey }] = [await machine.code(), machine.key()];
  const begin = performance.now();
  const client = logIn({
    host: machine.host,
    port: machine.port,
    user: machine.id,
    privateKey,
    prepare: (arriving) => answerPrompts(arriving, { code, publicKey, plain }),
  });
  const refused = client.then(
    () => false,
    () => true,
  );
  const asked = await person.asked();
  const time = performance.now() - begin;
  asked.deny();
  if (!(await refused)) throw new Error('a session began that nobody allowed');
  return time;
}

function computing(): number[] {
  const terms = {
    hostKey: 'SHA256:machine',
    technicianKey: 'SHA256:technician',
    sshSession: randomBytes(32),
    connectionId: '482913077',
  };
  const machine = { id: terms.connectionId, name: 'bench', hipaa: true };
  const times = Array.from({ length: COMPUTING_RUNS }, () => {
    const begin = performance.now();
    const side = new MachineSide('27-harbor-violet', terms);
    const offer = side.offer({ v: 1, state: 'welcome', message: '', machine });
    const answered = answerOffer(PairingOffer.parse(JSON.parse(offer)), '27-harbor-violet', terms);
    const answer = PairingAnswer.parse(JSON.parse(answered?.answer ?? 'null'));
    if ('again' in answer || side.judge(answer) === null) throw new Error('pairing failed');
    return performance.now() - begin;
  });
  return times.slice(WARM_UP);
}
