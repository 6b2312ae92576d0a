// What is asked for, at the prompts of plain ssh and in the words of a refusal. A person who types is asked for
// permissions before the code: a code that could lead to no question is not taken.

import { type NotGiven, SCOPES_PROMPT } from '../../protocol/conversation.ts';
import { rolesOf } from '../../protocol/request.ts';
import { ScopeList } from '../../protocol/scopes.ts';
import { effectiveScopes, notGivenOf } from '../policy/policy.ts';
import type { Proving } from './prove-code.ts';
import { statusOf } from './status.ts';

export const REQUEST_TRIES = 3; // for a reason, ticket or permissions that cannot be used
export const ADMINISTRATOR = 'That is for the administrator of the machine to decide, not for the person there.';
export const NOT_UNDERSTOOD = 'The request could not be understood three times.';

/** The permissions as they were typed; some of them can be asked for. Rejects when none can. */
export async function askPermissionsFirst(proving: Proving): Promise<string> {
  const { conversation, connection, machine, technician, session, refuse } = proving;
  const roles = rolesOf(technician);
  const given = effectiveScopes(machine.policy, roles).join(', ');
  const words = `You have reached ${machine.identity.name}. You may ask for: ${given}.`;
  await conversation.tell(statusOf(machine)('welcome', words));
  for (let tries = REQUEST_TRIES; tries > 0; tries -= 1) {
    const [typed = ''] = await conversation.ask([SCOPES_PROMPT]);
    const { success, data: asked, error } = ScopeList.safeParse(splitScopes(typed));
    if (!success) {
      await tellAgain(proving, error.issues[0]?.message ?? 'the permissions cannot be understood');
      continue;
    }
    const notGiven = notGivenOf(machine.policy, roles, asked);
    if (notGiven.length < asked.length) {
      return typed;
    }
    await machine.log.append(
      'request.refused',
      { address: connection.address, client: connection.software, asked, reason: notGiven[0]?.why ?? '' },
      { session, actor: technician.keyFingerprint },
    );
    return refuse(nothingOf(notGiven), 'policy');
  }
  return refuse(NOT_UNDERSTOOD, 'bad-request');
}

/** Says what is wrong with what was typed; the question follows again. */
export async function tellAgain({ conversation, machine }: Proving, problem: string): Promise<void> {
  await conversation.tell(statusOf(machine)('refused', `Please try again: ${problem}.`, { code: 'bad-request' }));
}

/** Why there will be no question, when all that was asked for is `notGiven`. */
export function nothingOf([first]: readonly NotGiven[]): string {
  return `Nothing of this can be asked for: ${first?.why}. ${ADMINISTRATOR}`;
}

/** Permissions as typed at the prompt. */
export function splitScopes(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}
