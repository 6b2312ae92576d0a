// The environment of what runs in a session. Clean: nothing of the daemon's own reaches it.

import { homedir, userInfo } from 'node:os';
import type { Machine } from '../machine.ts';
import type { Session } from './session.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function sessionEnvironment(
  session: Session,
  machine: Machine,
  language: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const user = userInfo();
  return {
    LANG: 'C.UTF-8',
    ...language,
    PATH,
    HOME: homedir(),
    USER: user.username,
    LOGNAME: user.username,
    SHELL: machine.policy.shell.program,
    CHAPERONE_SESSION: session.id,
  };
}
