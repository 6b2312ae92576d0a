// Guards of the layer permit: what SSH may do and what a control channel may hold (promise 8, on the machine's side).

import type { Guard } from './guard.ts';

const GUARD = 'daemon/ssh/surface-guard.ts';
const TABLE = 'protocol/ssh-surface.ts';
const TABLE_TEST = 'protocol/ssh-surface.test.ts';
const SURFACE_TEST = 'test/hostile/surface.test.ts';
const CHANNELS_TEST = 'test/hostile/channels.test.ts';

/** A row of the table that nothing opens, opened by any grant. */
function opened(row: string): Guard {
  return {
    name: `surface: ${row}`,
    file: TABLE,
    find: `${row}', needs: 'never'`,
    replace: `${row}', needs: 'any grant'`,
    test: TABLE_TEST,
    named: 'refuses under every grant',
  };
}

export const SURFACE_GUARDS: readonly Guard[] = [
  ...[
    "kind: 'channel request', name: 'x11-req",
    "kind: 'channel request', name: 'auth-agent-req@openssh.com",
    "kind: 'subsystem', name: 'sftp",
    "kind: 'channel', name: 'direct-tcpip",
    "kind: 'channel', name: 'direct-streamlocal@openssh.com",
    "kind: 'global request', name: 'tcpip-forward",
    "kind: 'global request', name: 'streamlocal-forward@openssh.com",
  ].map(opened),
  {
    name: 'surface: answers that nobody asked for',
    file: 'daemon/ssh/connection.ts',
    find: 'if (this.wereAsked()) pass(...args);',
    replace: 'pass(...args);',
    test: 'test/hostile/authentication.test.ts',
    named: 'takes the question away when answers come while nothing is asked',
  },
  {
    name: 'surface: exec',
    file: TABLE,
    find: "name: 'exec',\n    needs: ['shell.suggest'],",
    replace: "name: 'exec',\n    needs: 'any grant',",
    test: TABLE_TEST,
    named: 'takes a single command as a suggestion, or not at all',
  },
  {
    name: 'surface: default deny',
    file: TABLE,
    find: 'return { allowed: false, reason: UNKNOWN };',
    replace: 'return { allowed: scopes.length > 0, reason: UNKNOWN };',
    test: TABLE_TEST,
    named: 'refuses what is not in the table: $kind $name',
  },
  {
    name: 'surface: nothing before consent',
    file: TABLE,
    find: "needs !== 'never' && scopes.length > 0 && (",
    replace: "needs !== 'never' && (",
    test: TABLE_TEST,
    named: 'is refused before consent',
  },
  {
    name: 'permit: the table is asked',
    file: GUARD,
    find: 'if (verdict.allowed) {',
    replace: "if (verdict.allowed || request.name !== '') {",
    test: SURFACE_TEST,
    named: 'refuses everything, and the answer still counts',
  },
  {
    name: 'permit: environment by name',
    file: GUARD,
    find: "(type === 'env' ? decide(",
    replace: "(type === 'not asked' ? decide(",
    test: SURFACE_TEST,
    named: 'refuses what is not in the grant, on its own channel and on others',
  },
  {
    name: 'permit: subsystems by name',
    file: GUARD,
    find: "(type === 'subsystem' ? decide(",
    replace: "(type === 'not asked' ? decide(",
    test: SURFACE_TEST,
    named: 'refuses what is not in the grant, on its own channel and on others',
  },
  {
    name: 'permit: scopes of the grant as it stands',
    file: 'daemon/path/permit.ts',
    find: 'connection.scopes = () => session.openScopes;',
    replace: 'connection.scopes = () => session.grant.asked;',
    test: 'test/hostile/widening.test.ts',
    named: 'has no shell where only the health checks were ticked',
  },
  {
    name: 'permit: bytes beyond the window',
    file: GUARD,
    find: 'data.length > window',
    replace: 'data.length > window + 1e12',
    test: CHANNELS_TEST,
    named: 'take nothing beyond their window, and cost the session where one overruns it',
  },
  {
    name: 'permit: packets of no bytes',
    file: GUARD,
    find: 'const PACKET_MIN = 1024;',
    replace: 'const PACKET_MIN = 0;',
    test: CHANNELS_TEST,
    named: 'that take no bytes at a time are refused',
  },
  {
    name: 'permit: channels at once',
    file: 'daemon/path/permit.ts',
    find: 'const CHANNELS_MAX = 10;',
    replace: 'const CHANNELS_MAX = 10_000;',
    test: CHANNELS_TEST,
    named: 'are few at once, and free again when one is closed',
  },
  {
    name: 'permit: health checks need their scope',
    file: 'daemon/control/methods.ts',
    find: 'if (!this.#session.grant.scopes.includes(scope)) {',
    replace: 'if (this.#session.grant.scopes.length === 0) {',
    test: 'test/hostile/control.test.ts',
    named: 'is a check that was not ticked',
  },
  {
    name: 'permit: requests one after the other',
    file: 'daemon/control/control-channel.ts',
    find: 'await this.#serve(line);',
    replace: 'void this.#serve(line);',
    test: 'test/hostile/control.test.ts',
    named: 'are served one after the other, in their order, quick ones behind slow ones',
  },
];
