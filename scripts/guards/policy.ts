// Guards of the policy: who may write it, who may narrow it, and that a change takes what it takes (promises 2 and 10).

import type { Guard } from './guard.ts';

const SETTINGS = 'daemon/policy/settings.ts';
const LAYERS_TEST = 'daemon/policy/effective.test.ts';
const ORGANISATION = 'daemon/policy/organisation-policy.ts';
const ORGANISATION_TEST = 'daemon/policy/organisation-policy.test.ts';
const CHANGES_TEST = 'test/e2e/policy-changes.test.ts';

/** The test of each key is one row of a table over all keys. */
const WIDENS = 'promise 2: an organisation never widens';

export const POLICY_GUARDS: readonly Guard[] = [
  {
    name: 'policy: others may not write it',
    file: 'daemon/policy/trusted-file.ts',
    find: '(found.mode & OTHERS_WRITE) === 0',
    replace: '(found.mode & OTHERS_WRITE) >= 0',
    test: 'daemon/policy/load.test.ts',
    named: 'refuses a directory in which others could put another file',
  },
  {
    name: 'policy: an organisation gives no scopes',
    file: SETTINGS,
    find: 'scopes.filter((scope) => organisation[role]?.includes(scope)) : [],',
    replace: '(organisation[role] ?? []) : scopes,',
    test: LAYERS_TEST,
    named: WIDENS,
  },
  {
    name: 'policy: an organisation gives no time',
    file: SETTINGS,
    find: "how: 'the shorter time holds', meet: Math.min",
    replace: "how: 'the shorter time holds', meet: Math.max",
    test: LAYERS_TEST,
    named: WIDENS,
  },
  {
    name: 'policy: an organisation takes no sandbox away',
    file: SETTINGS,
    find: "a === 'strict' || b === 'strict' ? 'strict'",
    replace: "a === 'strict' && b === 'strict' ? 'strict'",
    test: LAYERS_TEST,
    named: WIDENS,
  },
  {
    name: 'policy: an organisation has no say about the rest',
    file: 'daemon/policy/effective.ts',
    find: 'rule.narrowing === null ? allowed :',
    replace: 'rule.narrowing === null ? organisation :',
    test: LAYERS_TEST,
    named: WIDENS,
  },
  {
    name: 'policy: closed while the organisation’s cannot be had',
    file: 'daemon/policy/policy.ts',
    find: 'if (policy.closed !== null) return policy.closed;',
    replace: "if (policy.closed === '') return policy.closed;",
    test: LAYERS_TEST,
    named: 'close the machine while its organisation’s policy cannot be had (promise 10)',
  },
  {
    name: 'policy: the organisation’s is signed',
    file: ORGANISATION,
    find: 'NAMESPACES.policy, signers);',
    replace: 'NAMESPACES.policy, signers) ?? signers[0] ?? null;',
    test: ORGANISATION_TEST,
    named: 'closes the machine when it is %s, and says why',
  },
  {
    name: 'policy: the organisation’s never goes back',
    file: ORGANISATION,
    find: 'version > seen.version ||',
    replace: 'version > 0 ||',
    test: ORGANISATION_TEST,
    named: 'is not put back to an older version, by whoever signed it',
  },
  {
    name: 'policy: what it takes is taken from live sessions',
    file: 'daemon/session/hold-to-policy.ts',
    find: 'SCOPES.filter((scope) => !allowed.includes(scope))',
    replace: 'SCOPES.filter((scope) => !SCOPES.includes(scope) && !allowed.includes(scope))',
    test: CHANGES_TEST,
    named: 'does not allow shells any more ends the shell, and leaves the session what is left',
  },
  {
    name: 'policy: who is taken off the list is out',
    file: 'daemon/policy/standing.ts',
    find: 'return listed ? null : "this computer',
    replace: 'return listed || !listed ? null : "this computer',
    test: CHANGES_TEST,
    named: 'does not list the technician any more ends their session, and no other',
  },
  {
    name: 'policy: a yes counts by what holds then',
    file: 'daemon/path/consent.ts',
    find: 'intersectScopes(answer.scopes, paired.askable, scopesNow(machine.policy, technician))',
    replace: 'intersectScopes(answer.scopes, paired.askable)',
    test: CHANGES_TEST,
    named: 'takes a permission takes it out of the yes',
  },
  {
    name: 'policy: nobody else writes a directory on the way',
    file: 'daemon/policy/trusted-file.ts',
    find: "    refuseIfOthersMayWrite(directory, await stat(directory), 'parent');\n",
    replace: '',
    test: 'daemon/policy/load.test.ts',
    named: 'refuses a way on which others could put another directory',
  },
  {
    name: 'policy: nobody else exchanges a link on the way',
    file: 'daemon/policy/trusted-file.ts',
    find: 'for (const each of [real, ...links]) await',
    replace: 'for (const each of [real, ...links.slice(0, 0)]) await',
    test: 'daemon/policy/load.test.ts',
    named: 'looks at every link on the way, of a directory and behind another link',
  },
  {
    name: 'policy: a diagnostic that it comes to refuse is stopped',
    file: 'daemon/control/methods.ts',
    find: 'if (refused()) cancel.abort();',
    replace: 'refused();',
    test: 'test/e2e/policy-changes.test.ts',
    named: 'refuses a diagnostic that runs stops it, and no other',
  },
  {
    name: 'policy: a refused diagnostic is not run',
    file: 'daemon/control/methods.ts',
    find: 'if (refusesDiagnostic(this.#machine.policy, diagnostic.descriptor.id)) {',
    replace: 'if (diagnostic.descriptor.id === id.toUpperCase()) {',
    test: 'test/hostile/control.test.ts',
    named: 'is a diagnostic that the policy refuses, which is not listed either',
  },
  {
    name: 'policy: no recording beyond its size',
    file: 'daemon/path/record.ts',
    find: '      maxBytes: () => machine.policy.record.maxBytes,\n',
    replace: '',
    test: 'test/promises/promise-04-no-recorder-no-session.test.ts',
    named: 'pauses when %s, then ends, and tells both',
  },
];
