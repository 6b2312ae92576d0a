// What a person's absence does to sessions: locking, going away and sleep pause them until the person lets them go on;
// logging out ends them. Coming back alone resumes nothing.

import type { Machine } from '../machine.ts';
import type { Session } from '../session/session.ts';
import type { Absence } from './presence.ts';

const LEFT = 'the person at the machine logged out';

const WHY: Readonly<Record<Exclude<Absence, null>, string>> = {
  locked: 'the screen of the machine is locked',
  away: 'nobody has touched the machine for a while',
  asleep: 'the machine goes to sleep',
};

/** Why sessions are held, in words; null when nothing says that the person is gone. */
export function absenceWords(absence: Absence): string | null {
  return absence === null ? null : WHY[absence];
}

export function holdSessions(machine: Machine): Disposable {
  const hold = (session: Session): void => {
    const why = absenceWords(machine.presence.absence);
    if (why !== null && session.pause(why)) {
      void machine.log.append('session.paused', { reason: why }, { session: session.id }).catch(() => undefined); // a failed log ends the session by itself
    }
  };
  const stack = new DisposableStack();
  stack.use(
    machine.presence.changed.on((event) => {
      for (const session of machine.sessions.live) {
        if (event === 'left') session.end('machine', LEFT);
        else hold(session);
      }
    }),
  );
  // One that is opened, or let go on by command, while nobody is there.
  stack.use(
    machine.sessions.opened.on((session) => {
      session.onChange(() => {
        if (session.state === 'active' && machine.presence.absence === 'locked') hold(session);
      });
    }),
  );
  return stack;
}
