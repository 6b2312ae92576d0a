// Beside pairing and consent: a technician who comes back after the restart that the person allowed (DESIGN.md §6).
// Everyone else, and everyone whose lease does not hold, goes the usual way.

import { LEASE_PROMPT, REASON_PROMPT, SCOPES_PROMPT, TICKET_PROMPT } from '../../protocol/conversation.ts';
import type { Grant } from '../../protocol/grant.ts';
import { TechnicianRequest } from '../../protocol/request.ts';
import { intersectScopes } from '../../protocol/scopes.ts';
import type { Machine } from '../machine.ts';
import { scopesNow } from '../policy/standing.ts';
import { timeLimit } from '../session/time-limit.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import { splitScopes } from './ask-permissions.ts';
import type { Authenticated } from './authenticate.ts';
import type { Granted } from './consent.ts';
import { Refused } from './refused.ts';
import { statusOf } from './status.ts';

const ANSWER_MS = 20_000; // a program answers, not a person

/** A grant no wider than the one before the restart, or null when the person has to be asked. */
export async function comeBack(
  connection: Pick<TechnicianConnection, 'close'>,
  { conversation, technician }: Authenticated,
  session: string,
  machine: Machine,
): Promise<Granted | null> {
  const { leases, log } = machine;
  // Nobody to show it to means nobody to come back to.
  const shown = machine.desk.prompterNames.length > 0 && machine.presence.absence === null;
  if (!conversation.structured || !log.healthy || !shown || !leases.awaits(technician.keyFingerprint)) {
    return null;
  }
  const slow = setTimeout(() => connection.close(), ANSWER_MS);
  using _ = { [Symbol.dispose]: () => clearTimeout(slow) };
  const [secret = ''] = await conversation.ask([LEASE_PROMPT]);
  if (secret === '' || !leases.proves(technician.keyFingerprint, secret)) {
    return null;
  }
  const [reason = '', ticket = '', words = ''] = await conversation.ask([REASON_PROMPT, TICKET_PROMPT, SCOPES_PROMPT]);
  const asked = TechnicianRequest.safeParse({ reason, ticket, scopes: splitScopes(words) });
  // Only now, when nothing is waited for any more: until here the person saw the lease, and could cancel it.
  const lease = asked.success ? await leases.take(technician.keyFingerprint, secret) : null;
  const { policy } = machine;
  const scopes = intersectScopes(asked.data?.scopes ?? [], lease?.scopes ?? [], scopesNow(policy, technician));
  if (!asked.success || lease === null || scopes.length === 0) {
    const message = 'Nothing of this was allowed before the restart.';
    await conversation.refuse(statusOf(machine)('refused', message, { code: 'lease' }));
    throw new Refused(message);
  }
  const now = Date.now();
  const { endsAt } = timeLimit(technician, now, policy.consent.maxSessionMs);
  const expiresAt = new Date(Math.min(Date.parse(lease.sessionUntil), endsAt)).toISOString();
  const recorded = log.append(
    'consent.leased',
    { scopes, former: lease.session, expiresAt },
    { session, actor: technician.keyFingerprint },
  );
  const grant: Grant = {
    v: 1,
    session,
    machine: machine.identity,
    technician,
    reason: asked.data.reason,
    ticket: asked.data.ticket,
    asked: asked.data.scopes,
    scopes,
    grantedAt: new Date(now).toISOString(),
    expiresAt,
    recorded: { output: true, input: policy.record.input },
    containment: machine.containment.kind,
    sandboxed: false,
  };
  return { grant, recorded };
}
