// A session lives no longer than its connection.

import type { Session } from '../session/session.ts';
import { CONNECTION_LOST, TECHNICIAN_LEFT } from '../session/words.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';

export function watchConnection(connection: TechnicianConnection, session: Session): void {
  const gone = () =>
    connection.lost ? session.end('connection', CONNECTION_LOST) : session.end('technician', TECHNICIAN_LEFT);
  if (connection.closed.aborted) {
    gone();
  } else {
    connection.closed.addEventListener('abort', gone, { once: true });
  }
}
