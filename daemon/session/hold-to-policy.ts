// Live sessions under a policy that has changed (promise 2): what it does not allow any more is taken back, at once.
// What it allows in addition waits until somebody asks for it.

import { SCOPES } from '../../protocol/scopes.ts';
import type { Machine } from '../machine.ts';
import { scopesNow, whyNoLonger } from '../policy/standing.ts';
import { shortenSession, withdrawScopes } from './change-grant.ts';
import type { Session } from './session.ts';
import { POLICY_SHORTENS, POLICY_TAKES } from './words.ts';

/** Holds every session of `machine` to what its policy says, each time that it changes. */
export function holdToPolicy(machine: Machine): Disposable {
  const stack = new DisposableStack();
  stack.use(
    machine.policies.changed.on(() => {
      for (const session of machine.sessions.live) {
        hold(session, machine);
      }
    }),
  );
  // Between the measuring of a grant and its session the log was written: the policy may have changed meanwhile.
  stack.use(machine.sessions.opened.on((session) => hold(session, machine)));
  return stack;
}

function hold(session: Session, machine: Machine): void {
  const { policy, logger } = machine;
  const { technician } = session.grant;
  const gone = whyNoLonger(policy, technician);
  if (gone !== null) {
    session.end('machine', gone);
    return;
  }
  // All that is not allowed, and not only what is held: what was promised and not yet given is taken back too.
  const allowed = scopesNow(policy, technician);
  const taken = SCOPES.filter((scope) => !allowed.includes(scope));
  const until = new Date(session.startedAt.getTime() + policy.consent.maxSessionMs);
  Promise.all([
    withdrawScopes(machine, session, taken, { by: 'machine', reason: POLICY_TAKES }),
    shortenSession(machine, session, until, { by: 'machine', reason: POLICY_SHORTENS }),
  ]).catch((problem: unknown) => {
    // It took effect; a change that cannot be kept ends the session by itself.
    logger.error({ session: session.id, problem }, 'a change by the policy could not be recorded');
  });
}
