// Guards of pairing beyond the tries: what a code is bound to, and what the technician's program gives to whom.

import type { Guard } from './guard.ts';

const TERMS = 'protocol/pairing/terms.ts';
const SIDES_TEST = 'protocol/pairing/sides.test.ts';
const BINDING_TEST = 'fails when the two sides see another %s, although both have the code';
const CONVERSATION = 'tui/connection/conversation.ts';

export const PAIRING_GUARDS: readonly Guard[] = [
  {
    name: 'authenticate: a key comes so often and no more',
    file: 'daemon/path/authenticate.ts',
    find: 'if (!machine.arrivals.admit(technician.keyFingerprint)) {',
    replace: 'if (!machine.arrivals.admit(technician.keyFingerprint + session)) {',
    test: 'test/hostile/connections.test.ts',
    named: 'of one key that comes again and again is turned away in the end, and fills no log',
  },
  {
    name: 'pairing: bound to the host key',
    file: TERMS,
    find: 'Buffer.from(hostKey), ',
    replace: '',
    test: SIDES_TEST,
    named: BINDING_TEST,
  },
  {
    name: "pairing: bound to the technician's key",
    file: TERMS,
    find: 'Buffer.from(technicianKey), ',
    replace: '',
    test: SIDES_TEST,
    named: BINDING_TEST,
  },
  {
    name: 'pairing: bound to the SSH session',
    file: TERMS,
    find: ', sshSession);',
    replace: ');',
    test: SIDES_TEST,
    named: BINDING_TEST,
  },
  {
    name: 'pairing: bound to the connection ID',
    file: TERMS,
    find: 'Buffer.from(connectionId)',
    replace: "Buffer.from('')",
    test: SIDES_TEST,
    named: BINDING_TEST,
  },
  {
    name: 'pairing: not with the neutral point',
    file: 'protocol/pairing/cpace.ts',
    find: 'return product.is0() ? null : product.toBytes();',
    replace: 'return product.toBytes();',
    test: 'protocol/pairing/cpace.test.ts',
    named: 'multiply a valid point, and stop at what is none and at the neutral one',
  },
  {
    name: 'pairing: the machine proves itself before it hears the request',
    file: 'tui/connection/code-proof.ts',
    find: 'if (this.#answered?.confirms(confirmation) !== true) {',
    replace: 'if (this.#answered?.confirms(confirmation) === undefined) {',
    test: 'tui/connection/conversation.test.ts',
    named: 'says nothing of the request',
  },
  {
    name: 'pairing: a code is used for one answer',
    file: CONVERSATION,
    find: "    this.#code = ''; // never offered twice: a second try would burn an attempt for nothing\n",
    replace: '',
    test: 'tui/connection/conversation.test.ts',
    named: 'never uses the same code twice',
  },
  {
    name: 'pairing: the code is said to nobody',
    file: CONVERSATION,
    find: 'if (asked.prompts.includes(CODE_PROMPT)) {',
    replace: 'if (asked.prompts.includes(CODE_PROMPT)) {\n      return [this.#code];',
    test: 'tui/connection/connect-to.test.ts',
    named: 'asks for the code itself: it does not get it',
  },
  {
    name: 'pairing: only a machine that has proven itself lets anybody in',
    file: CONVERSATION,
    find: "return this.#status?.state === 'granted' && (this.#proof.proven || this.#returning);",
    replace: "return this.#status?.state === 'granted';",
    test: 'tui/connection/connect-to.test.ts',
    named: 'grants a session without having proven that it knows the code',
  },
  {
    name: 'pairing: a host key is pinned only afterwards',
    file: CONVERSATION,
    find: '      this.#proof.confirm(instruction);\n      await this.#options.onPaired();',
    replace: '      await this.#options.onPaired();\n      this.#proof.confirm(instruction);',
    test: 'tui/connection/connect-to.test.ts',
    named: 'asks for the request without a proof, or with a wrong one: nothing of it is said, and nothing remembered',
  },
  {
    name: 'pair: plain ssh costs no code where the policy gives nothing',
    file: 'daemon/path/ask-permissions.ts',
    find: 'if (notGiven.length < asked.length) {',
    replace: 'if (notGiven.length <= asked.length) {',
    test: 'test/hostile/widening.test.ts',
    named: 'costs no code where nothing of it is left, and the code typed is %s',
  },
  {
    name: 'pair: the technician learns beforehand what the policy does not give',
    file: 'daemon/path/prove-code.ts',
    find: '{ notGiven: notGivenOf(machine.policy, rolesOf(technician)) }',
    replace: '{}',
    test: 'test/hostile/widening.test.ts',
    named: 'costs no code where nothing of it is left, and the code typed is %s',
  },
];
