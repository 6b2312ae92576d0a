// Guards of what both people are told, where a missing word would mislead them.

import type { Guard } from './guard.ts';

export const TOLD_GUARDS: readonly Guard[] = [
  {
    name: 'told: the fingerprint hides nothing of a session',
    file: 'daemon/prompt/waiting-screen.ts',
    find: '...(view.fingerprint === null || view.sessions.length > 0',
    replace: '...(view.fingerprint === null',
    test: 'daemon/prompt/screens.test.ts',
    named: 'the fingerprint stands beside what is said, and goes when somebody is connected',
  },
  {
    name: 'told: who waits reads what the person is not asked for',
    file: 'tui/dashboard/waiting-rows.ts',
    find: '    ...leftOutRows(waiting?.notGiven ?? [], cols),\n',
    replace: '',
    test: 'tui/dashboard/rows.test.ts',
    named: 'waiting says what the person is not asked for, and why, above all that a small screen may cut',
  },
  {
    name: 'told: the exit code says that the other side ended it',
    file: 'tui/commands/session-ending.ts',
    find: 'byTechnician ? EXIT.ok : EXIT.ended',
    replace: 'EXIT.ok',
    test: 'tui/commands/session-ending.test.ts',
    named: 'ended by %s',
  },
  {
    name: 'told: the machine knows who was first to end it',
    file: 'tui/commands/session-ending.ts',
    find: "endedBy === null ? endAsked : endedBy === 'technician'",
    replace: 'endAsked',
    test: 'tui/commands/session-ending.test.ts',
    named: 'ended by %s',
  },
  {
    name: 'told: a machine without bash is said to be one',
    file: 'daemon/local/local-user.ts',
    find: 'lacks: lack === null ? [] :',
    replace: "lacks: lack === null || lack.words !== '' ? [] :",
    test: 'test/e2e/no-bash.test.ts',
    named: 'is told so by status and doctor, with what to do',
  },
];
