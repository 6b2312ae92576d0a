// What breaks here before there is a session is no fault of the technician's, who hears so in words (promise 10).

import type { Machine } from '../machine.ts';
import { type Conversation, ConversationOver } from '../ssh/conversation.ts';
import { Refused } from './refused.ts';
import { statusOf } from './status.ts';

/** To the technician, where nothing can be written down. */
export const NO_LOG = 'This machine cannot keep its log at the moment, so no session can start.';
const BROKEN = 'Something does not work on this machine, so no session can start.';

/** What `steps` gives. Rejects as they do, after the technician was told; who was refused knows why already. */
export async function sayTrouble<T>(
  conversation: Pick<Conversation, 'refuse'>,
  machine: Pick<Machine, 'identity' | 'log'>,
  steps: () => Promise<T>,
): Promise<T> {
  try {
    return await steps();
  } catch (problem) {
    if (!(problem instanceof Refused) && !(problem instanceof ConversationOver)) {
      const [words, code] = machine.log.healthy ? [BROKEN, 'machine-trouble'] : [NO_LOG, 'log-failed'];
      await conversation.refuse(statusOf(machine)('refused', words, { code }));
    }
    throw problem;
  }
}
