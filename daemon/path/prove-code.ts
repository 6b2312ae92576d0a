// Whether the technician has the one-time code. `chaperone` proves it by CPace, without saying it; plain ssh types it,
// where the policy allows that. Both have the same tries, the same words and the same limits, and nothing tells a wrong
// code from one that is no longer good.

import { CODE_PROMPT, type ConversationStatus } from '../../protocol/conversation.ts';
import { MachineSide } from '../../protocol/pairing/machine-side.ts';
import { PAIRED_NAME, PAIRING_NAME, PAIRING_PROMPT, PairingAnswer } from '../../protocol/pairing/messages.ts';
import { rolesOf } from '../../protocol/request.ts';
import type { Machine } from '../machine.ts';
import type { Limited } from '../pairing/wrong-codes.ts';
import { notGivenOf } from '../policy/policy.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import type { Said } from '../ssh/conversation.ts';
import type { Authenticated } from './authenticate.ts';
import { statusOf } from './status.ts';

const OFFERS_MAX = 3; // for one try; who types needs two: one to ask for the code, a fresh one to answer

export interface Proving extends Authenticated {
  readonly connection: TechnicianConnection;
  readonly machine: Machine;
  readonly session: string;
  /** Says why there is no session, and throws. */
  readonly refuse: (message: string, code: string) => Promise<never>;
}

/** A try: the code that was proven or typed (null for nothing of the kind), and the machine's own proof in return. */
interface Tried {
  readonly code: string | null;
  readonly inReturn: Said | null;
}

/** Resolves when the code was right, with what to say with the next question; rejects when there are no tries left. */
export async function proveCode(proving: Proving): Promise<Said | null> {
  const { connection, machine, conversation, technician, session, refuse } = proving;
  const { codes, wrongCodes, log } = machine;
  const source = { key: technician.keyFingerprint, address: connection.address };
  const context = { session, actor: technician.keyFingerprint };
  const proof = conversation.structured ? 'pairing' : 'typed';
  const tryOnce = conversation.structured ? pairOnce : typeOnce;
  const status = statusOf(machine);

  const refuseFor = async ({ by, waitMs }: Limited): Promise<never> => {
    await log.append('code.limited', { address: connection.address, by, waitMs }, context);
    const minutes = Math.ceil(waitMs / 60_000);
    return refuse(
      `Too many codes that do not fit came from here. Try again in ${minutes} minute${minutes === 1 ? '' : 's'}.`,
      'too-many-tries',
    );
  };

  const words = `You have reached ${machine.identity.name}. Ask the person there for the one-time code.`;
  // All of it, so that who asks for nothing else leaves before a code is spent.
  let standing = status('welcome', words, { notGiven: notGivenOf(machine.policy, rolesOf(technician)) });
  for (;;) {
    const before = wrongCodes.limit(source);
    if (before !== null) {
      return refuseFor(before);
    }
    const { code, inReturn } = await tryOnce(proving, standing);
    // From here to the charge nothing waits: tries of many connections are judged one after the other.
    const limited = wrongCodes.limit(source);
    if (limited !== null) {
      return refuseFor(limited);
    }
    const verdict = codes.try(code);
    if (verdict.accepted) {
      await log.append('code.accepted', { address: connection.address, proof }, context);
      return inReturn;
    }
    wrongCodes.charge(source);
    const { attemptsLeft } = verdict;
    await log.append('code.wrong', { address: connection.address, attemptsLeft, proof }, context);
    if (attemptsLeft === 0) {
      return refuse(
        'That code is not right either. The machine has made a new one: ask the person to read it to you.',
        'new-code-needed',
      );
    }
    standing = status('wrong-code', `That code is not right. Tries left: ${attemptsLeft}.`, { attemptsLeft });
  }
}

/** One try by CPace. Whatever answers is judged once; what cannot be read is as wrong as what does not fit. */
async function pairOnce(proving: Proving, standing: ConversationStatus): Promise<Tried> {
  const { connection, machine, conversation, technician } = proving;
  const terms = {
    hostKey: machine.keys.hostKeyFingerprint,
    technicianKey: technician.keyFingerprint,
    sshSession: connection.sshSession,
    connectionId: machine.identity.id,
  };
  for (let offers = 0; offers < OFFERS_MAX; offers += 1) {
    const side = new MachineSide(machine.codes.present.code, terms);
    const said = { name: PAIRING_NAME, instruction: side.offer(standing) };
    const [text = ''] = await conversation.ask([PAIRING_PROMPT], said);
    const answer = parseAnswer(text);
    if (answer !== null && 'again' in answer) {
      continue; // nothing was said about the code, either way
    }
    const confirmation = answer === null ? null : side.judge(answer);
    return confirmation === null
      ? { code: null, inReturn: null }
      : { code: side.code, inReturn: { name: PAIRED_NAME, instruction: confirmation } };
  }
  return { code: null, inReturn: null };
}

/** One try by a person at plain ssh. */
async function typeOnce({ conversation }: Proving, standing: ConversationStatus): Promise<Tried> {
  await conversation.tell(standing);
  const [code = ''] = await conversation.ask([CODE_PROMPT]);
  return { code, inReturn: null };
}

function parseAnswer(text: string): PairingAnswer | null {
  try {
    return PairingAnswer.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
