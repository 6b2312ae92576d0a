// The machine's part of keyboard-interactive, for tests: honest, or whatever a test makes of its pieces. Never shipped.

import type { Connection, KeyboardAuthContext } from 'ssh2';
import {
  type ConversationStatus,
  REASON_PROMPT,
  SCOPES_PROMPT,
  STATUS_NAME,
  TICKET_PROMPT,
} from '../../protocol/conversation.ts';
import { MachineSide } from '../../protocol/pairing/machine-side.ts';
import { PAIRED_NAME, PAIRING_NAME, PAIRING_PROMPT, PairingAnswer } from '../../protocol/pairing/messages.ts';
import type { PairingTerms } from '../../protocol/pairing/terms.ts';
import { sessionIdentifier } from '../../protocol/ssh-handlers.ts';
import { TEST_CODE, type TestMachine } from './test-machine.ts';

/** What stands in a {@link TestMachine}'s `codes` for a try that did not prove its code. */
export const WRONG = 'wrong';

type Status = Partial<ConversationStatus>;

/** One side of keyboard-interactive, for scripts. */
export interface Talk {
  raw(name: string, instruction: string, prompts: readonly string[]): Promise<string[]>;
  tell(state: ConversationStatus['state'], more?: Status): Promise<string[]>;
  /** One try to pair; the confirmation when it is right. `terms` replaces what the machine believes. */
  pair(state?: 'welcome' | 'wrong-code', more?: Status, terms?: Partial<PairingTerms>): Promise<string | null>;
  /** Asks for the request, with the confirmation; stores the answers in the machine. */
  ask(confirmation: string | null): Promise<void>;
}

export function talkOver(context: KeyboardAuthContext, client: Connection, machine: TestMachine): Talk {
  const raw: Talk['raw'] = (name, instruction, prompts) => {
    const { promise, resolve } = Promise.withResolvers<string[]>();
    const asked = prompts.map((prompt) => ({ prompt, echo: true }));
    context.prompt(asked, name, instruction, (answers) => resolve(answers));
    return promise;
  };
  return {
    raw,
    tell: (state, more) => raw(STATUS_NAME, JSON.stringify(machine.status(state, more)), []),
    async pair(state = 'welcome', more = {}, terms = {}) {
      const seen = {
        hostKey: machine.fingerprint,
        technicianKey: machine.technicianKey,
        sshSession: sessionIdentifier(client),
        connectionId: machine.id,
        ...terms,
      };
      for (;;) {
        const side = new MachineSide(TEST_CODE, seen);
        const [text = ''] = await raw(PAIRING_NAME, side.offer(machine.status(state, more)), [PAIRING_PROMPT]);
        const answer = PairingAnswer.parse(JSON.parse(text));
        if ('again' in answer) {
          continue;
        }
        const confirmation = side.judge(answer);
        machine.codes.push(confirmation === null ? WRONG : TEST_CODE);
        return confirmation;
      }
    },
    async ask(confirmation) {
      const name = confirmation === null ? '' : PAIRED_NAME;
      machine.asked = await raw(name, confirmation ?? '', [REASON_PROMPT, TICKET_PROMPT, SCOPES_PROMPT]);
    },
  };
}

/** What an honest machine says before a session. */
export async function honestTalk(talk: Talk): Promise<boolean> {
  await talk.ask(await talk.pair());
  const until = new Date(Date.now() + 60_000).toISOString();
  await talk.tell('waiting', { until });
  await talk.tell('displayed', { until });
  await talk.tell('granted');
  return true;
}
