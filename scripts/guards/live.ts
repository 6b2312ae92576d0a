// The checks on what changes while a session lives, and on the one way back in after a restart.

import type { Guard } from './guard.ts';

const LEASE = 'daemon/reboot/lease.ts';
const LEASE_TEST = 'daemon/reboot/lease.test.ts';

export const LIVE_GUARDS: readonly Guard[] = [
  {
    name: 'live: what was allowed a moment ago can be ended',
    file: 'daemon/local/local-user.ts',
    find: 'await this.#machine.sessions.begun();',
    replace: '',
    test: 'daemon/local/end-at-once.test.ts',
    named: 'ends a session that was allowed a moment ago and is on its way through the log',
  },
  {
    name: 'live: an approval names the command that was shown',
    file: 'daemon/consent/desk.ts',
    find: 'return answer.digest === question.digest',
    replace: 'return answer.digest.length === question.digest.length',
    test: 'test/hostile/guided.test.ts',
    named: 'does not run under the digest of another one',
  },
  {
    name: 'live: what lived by a permission is cut with it',
    file: 'daemon/session/session.ts',
    find: 'part.cut(words);',
    replace: '',
    test: 'daemon/session/session.test.ts',
    named: 'cuts what lived by it when withdraw returns, and nothing else',
  },
  {
    name: 'live: one question at a time',
    file: 'daemon/session/question-limit.ts',
    find: "if (this.#open.taken) return 'another question of yours is open already';",
    replace: '',
    test: 'daemon/session/question-limit.test.ts',
    named: 'is one question at a time, of whichever kind',
  },
  {
    name: 'live: a lease belongs to one key',
    file: LEASE,
    find: "if (lease.technician.keyFingerprint !== keyFingerprint) return 'it belongs to another technician';",
    replace: '',
    test: LEASE_TEST,
    named: 'is for nobody else, and the secret alone is worth nothing',
  },
  {
    name: 'live: a lease needs another boot',
    file: LEASE,
    find: "if (lease.returnBoot === null || clock.boot !== lease.returnBoot) return 'the machine was not restarted since';",
    replace: '',
    test: LEASE_TEST,
    named: 'needs a restart of the machine: starting the daemon anew is not enough',
  },
  {
    name: 'live: the last lines of a shell are seen before it goes',
    file: 'daemon/path/run.ts',
    find: 'await this.#mirror.finish();',
    replace: '',
    test: 'test/e2e/watching.test.ts',
    named: 'shows the last lines of a shell that ends',
  },
];
