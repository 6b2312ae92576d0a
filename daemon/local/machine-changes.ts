// When something of what the local user's windows show has changed: sessions, the code, who shows questions, a return
// after a restart, the log.

import type { Machine } from '../machine.ts';
import type { Session } from '../session/session.ts';

/** Calls `listener` after each change, until disposed. What has changed is to be asked of the machine. */
export function onMachineChange(
  { sessions, codes, desk, leases, policies, log }: Machine,
  listener: () => void,
): Disposable {
  const subscriptions = new DisposableStack();
  const perSession = new Map<Session, Disposable>();
  const follow = (session: Session) => perSession.set(session, session.onChange(listener));
  for (const session of sessions.live) follow(session);
  subscriptions.use(
    sessions.opened.on((session) => {
      follow(session);
      listener();
    }),
  );
  subscriptions.use(
    sessions.settled.on(({ session }) => {
      perSession.get(session)?.[Symbol.dispose]();
      perSession.delete(session);
      listener();
    }),
  );
  subscriptions.use(codes.changed.on(listener));
  subscriptions.use(desk.changed.on(listener));
  subscriptions.use(leases.changed.on(listener));
  subscriptions.use(policies.changed.on(listener));
  subscriptions.use(log.onFailure(listener));
  subscriptions.defer(() => {
    for (const subscription of perSession.values()) subscription[Symbol.dispose]();
  });
  return subscriptions;
}
