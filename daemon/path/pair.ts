// Second layer: does the technician talk to the person at this machine right now? The spoken one-time code says so.
// Then what is asked for, and why. Who asks only for what the policy does not give is refused before the code is looked
// at: `chaperone` is told what that is, and plain ssh is asked for permissions first.

import { type NotGiven, REASON_PROMPT, SCOPES_PROMPT, TICKET_PROMPT } from '../../protocol/conversation.ts';
import { rolesOf, TechnicianRequest } from '../../protocol/request.ts';
import { intersectScopes, type Scope } from '../../protocol/scopes.ts';
import type { Machine } from '../machine.ts';
import { effectiveScopes, notGivenOf } from '../policy/policy.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import {
  ADMINISTRATOR,
  askPermissionsFirst,
  NOT_UNDERSTOOD,
  nothingOf,
  REQUEST_TRIES,
  splitScopes,
  tellAgain,
} from './ask-permissions.ts';
import type { Authenticated } from './authenticate.ts';
import { proveCode } from './prove-code.ts';
import { Refused } from './refused.ts';
import { NO_LOG } from './say-trouble.ts';
import { statusOf } from './status.ts';

const TYPING_MS = 5 * 60_000; // to hear the code on the phone and type the rest

export interface Paired extends Authenticated {
  readonly request: TechnicianRequest;
  /** What of the request policy and role allow; never empty. */
  readonly askable: readonly Scope[];
  /** The rest of it, and why. */
  readonly notGiven: readonly NotGiven[];
  /** Resolves when the log has the request: nobody is told of it, or asked, before. */
  readonly recorded: Promise<unknown>;
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
    return refuse(NO_LOG, 'log-failed');
  }
  const roles = rolesOf(technician);
  if (effectiveScopes(machine.policy, roles).length === 0) {
    const why = machine.policy.closed ?? `the machine's policy gives nothing to the role ${roles.join(' or ')}`;
    return refuse(`Nothing can be asked for: ${why}. ${ADMINISTRATOR}`, 'policy'); // and the code stays good
  }
  const proving = { ...authenticated, connection, machine, session, refuse };
  const typedFirst = conversation.structured ? null : await askPermissionsFirst(proving);
  let said = await proveCode(proving);

  for (let tries = REQUEST_TRIES; tries > 0; tries -= 1) {
    const prompts = [REASON_PROMPT, TICKET_PROMPT, ...(typedFirst === null ? [SCOPES_PROMPT] : [])];
    const [reason = '', ticket = '', scopes = typedFirst ?? ''] = await conversation.ask(prompts, said ?? undefined);
    said = null;
    const parsed = TechnicianRequest.safeParse({ reason, ticket, scopes: splitScopes(scopes) });
    if (parsed.success) {
      const request = parsed.data;
      const notGiven = notGivenOf(machine.policy, roles, request.scopes);
      const askable = intersectScopes(request.scopes, effectiveScopes(machine.policy, roles));
      const refusedByPolicy = request.scopes.filter((scope) => !askable.includes(scope));
      const recorded = machine.log.append(
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
      recorded.catch(() => undefined); // whoever waits for it hears of it
      if (askable.length > 0) {
        return { ...authenticated, request, askable, notGiven, recorded };
      }
      await recorded;
      return refuse(nothingOf(notGiven), 'policy');
    }
    await tellAgain(proving, parsed.error.issues[0]?.message ?? 'the request cannot be understood');
  }
  return refuse(NOT_UNDERSTOOD, 'bad-request');
}
