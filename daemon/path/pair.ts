// Second layer: does the technician talk to the person at this machine right now? The spoken one-time code says so.
// Then what is asked for, and why.

import { REASON_PROMPT, SCOPES_PROMPT, TICKET_PROMPT } from '../../protocol/conversation.ts';
import { rolesOf, TechnicianRequest } from '../../protocol/request.ts';
import { intersectScopes, type Scope } from '../../protocol/scopes.ts';
import type { Machine } from '../machine.ts';
import { effectiveScopes, whyRefused } from '../policy/policy.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import type { Authenticated } from './authenticate.ts';
import { proveCode } from './prove-code.ts';
import { Refused } from './refused.ts';
import { statusOf } from './status.ts';

const REQUEST_TRIES = 3; // for a reason, ticket or permissions that cannot be used
const TYPING_MS = 5 * 60_000; // to hear the code on the phone and type the rest

const ADMINISTRATOR = 'That is for the administrator of the machine to decide, not for the person there.';

export interface Paired extends Authenticated {
  readonly request: TechnicianRequest;
  /** What of the request policy and role allow; never empty. */
  readonly askable: readonly Scope[];
}

export async function pair(
  connection: TechnicianConnection,
  authenticated: Authenticated,
  session: string,
  machine: Machine,
): Promise<Paired> {
  const { conversation, technician } = authenticated;
  const context = { session, actor: technician.keyFingerprint };
  const status = statusOf(machine);
  const refuse = async (message: string, code: string): Promise<never> => {
    await conversation.refuse(status('refused', message, { code }));
    throw new Refused(message);
  };
  const slow = setTimeout(() => connection.close(), TYPING_MS);
  using _ = { [Symbol.dispose]: () => clearTimeout(slow) };

  if (!conversation.structured && !machine.policy.consent.allowPlainCode) {
    return refuse('This machine asks for the program chaperone instead of ssh.', 'plain-client');
  }
  if (!machine.log.healthy) {
    return refuse('This machine cannot keep its log at the moment, so no session can start.', 'log-failed');
  }
  const roles = rolesOf(technician);
  if (effectiveScopes(machine.policy, roles).length === 0) {
    const why = machine.policy.closed ?? `the machine's policy gives nothing to the role ${roles.join(' or ')}`;
    return refuse(`Nothing can be asked for: ${why}. ${ADMINISTRATOR}`, 'policy'); // and the code stays good
  }
  let said = await proveCode({ ...authenticated, connection, machine, session, refuse });

  for (let tries = REQUEST_TRIES; tries > 0; tries -= 1) {
    const prompts = [REASON_PROMPT, TICKET_PROMPT, SCOPES_PROMPT];
    const [reason = '', ticket = '', scopes = ''] = await conversation.ask(prompts, said ?? undefined);
    said = null;
    const parsed = TechnicianRequest.safeParse({ reason, ticket, scopes: splitScopes(scopes) });
    if (parsed.success) {
      const request = parsed.data;
      const askable = intersectScopes(request.scopes, effectiveScopes(machine.policy, roles));
      const refusedByPolicy = request.scopes.filter((scope) => !askable.includes(scope));
      await machine.log.append(
        'request.made',
        {
          technician,
          address: connection.address,
          client: connection.software,
          reason: request.reason,
          ticket: request.ticket,
          asked: request.scopes,
          refusedByPolicy,
        },
        context,
      );
      const [first] = refusedByPolicy;
      if (askable.length === 0 && first !== undefined) {
        return refuse(
          `Nothing of this can be asked for: ${whyRefused(machine.policy, roles, first)}. ${ADMINISTRATOR}`,
          'policy',
        );
      }
      return { ...authenticated, request, askable };
    }
    const problem = parsed.error.issues[0]?.message ?? 'the request cannot be understood';
    await conversation.tell(status('refused', `Please try again: ${problem}.`, { code: 'bad-request' }));
  }
  return refuse('The request could not be understood three times.', 'bad-request');
}

/** Permissions as typed at the prompt. */
export function splitScopes(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}
