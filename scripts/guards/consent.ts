// Guards of the layer consent: what counts as a yes (promise 1), and how much was said yes to (promise 2).

import type { Guard } from './guard.ts';

const DESK = 'daemon/consent/desk.ts';
const DESK_TEST = 'daemon/consent/desk.test.ts';
const STATES = 'protocol/consent.ts';
const STATES_TEST = 'protocol/consent.test.ts';
const PROMISE_1 = 'test/promises/promise-01-nothing-before-consent.test.ts';

export const CONSENT_GUARDS: readonly Guard[] = [
  {
    name: 'consent: keys count from when the daemon has heard that the question is on screen',
    file: 'daemon/prompt/model.ts',
    find: 'void this.#voice?.displayed(id).then(',
    replace: 'this.rearm();\n        void this.#voice?.displayed(id).then(',
    test: 'daemon/prompt/model.test.ts',
    named: 'does not come before the daemon has heard that the question is on screen',
  },
  {
    name: 'consent: only a yes allows',
    file: 'daemon/path/consent.ts',
    find: "if (answer.kind !== 'allowed') {",
    replace:
      "if (answer.kind === 'nobody') Object.assign(answer, { kind: 'allowed', scopes: paired.askable });\n  if (answer.kind !== 'allowed') {",
    test: 'test/promises/promise-10-fail-closed.test.ts',
    named: 'denies when nobody can be asked',
  },
  {
    name: 'consent: a refusal is one',
    file: DESK,
    find: "    return declined(answer.reason ?? 'the person declined');\n  }\n  const scopes",
    replace: "    return { yes: { kind: 'allowed', scopes: ['diagnostics'] } };\n  }\n  const scopes",
    test: 'test/e2e/denial.test.ts',
    named: 'is exit code 3 with words for scripts', // a no that comes too early for a yes would be turned down anyway
  },
  {
    name: 'consent: somebody is there',
    file: DESK,
    find: "() => settle({ kind: 'nobody', reason: 'no one could be asked: the prompt was closed' }),",
    replace: "() => settle({ kind: 'allowed', scopes: ['diagnostics'] } as unknown as A),",
    test: PROMISE_1,
    named: 'takes a prompt that dies, or that nobody has opened, for a no',
  },
  {
    name: 'consent: it was on screen',
    file: DESK,
    find: "return { kind: 'nobody', reason: 'no one could be asked: the prompt was never on screen' };",
    replace: 'displayedAt = -1e9;',
    test: DESK_TEST,
    named: 'denies an answer from a prompt that was never on screen',
  },
  {
    name: 'consent: it could be read first',
    file: DESK,
    find: '< this.#armsAfterMs - ACKNOWLEDGEMENT_MS',
    replace: '< ACKNOWLEDGEMENT_MS - ACKNOWLEDGEMENT_MS',
    test: 'test/hostile/widening.test.ts',
    named: 'is not given by an answer that comes before anyone could have read',
  },
  {
    name: 'consent: the prompt counts no early key',
    file: 'daemon/prompt/plain.ts',
    find: 'else if (!state.armed) say(TOO_EARLY);',
    replace: "else if (word === 'too early') say(TOO_EARLY);",
    test: PROMISE_1,
    named: 'waits for a word that was typed at the real prompt, and no earlier than it could be read',
  },
  {
    name: 'consent: no permission by a burst of keys',
    file: 'daemon/prompt/permission-menu.ts',
    find: "return menu.armed ? { kind: 'do', entry: menu.chosen }",
    replace: "return menu.chosen !== null ? { kind: 'do', entry: menu.chosen }",
    test: 'daemon/prompt/open-menu.test.ts',
    named: 'gives nothing for Enter in one burst with the choice',
  },
  {
    name: 'consent: no permission while something new is to be read',
    file: 'daemon/prompt/open-menu.ts',
    find: 'this.#set({ ...this.#menu, armed: false }, true);',
    replace: 'this.#set(this.#menu, true);',
    test: 'daemon/prompt/open-menu.test.ts',
    named: 'begins the time anew when a technician writes meanwhile',
  },
  {
    name: 'consent: no permission by an empty line',
    file: 'daemon/prompt/plain.ts',
    find: "line.toLowerCase() === 'allow';\n    if (confirms",
    replace: "line !== 'never';\n    if (confirms",
    test: 'test/prompt/plain-prompt.test.ts',
    named: 'gives no permission for lines in one burst or an empty line',
  },
  {
    name: 'consent: no line begun before it could be heard',
    file: 'daemon/prompt/plain.ts',
    find: 'onArmed: () => terminal.discard(),',
    replace: 'onArmed: () => undefined,',
    test: 'test/prompt/plain-prompt.test.ts',
    named: 'does not count a line that was begun before the question could be heard',
  },
  {
    name: 'consent: no line begun before it',
    file: 'daemon/terminal/plain-console.ts',
    find: 'if (this.#spoilt) this.#events.onSpoilt();',
    replace: "if (this.#spoilt && line === 'never') this.#events.onSpoilt();",
    test: 'test/prompt/plain-prompt.test.ts',
    named: 'does not count a line that was begun before the question, whatever its end is',
  },
  {
    name: 'consent: no key of whoever is writing',
    file: 'daemon/prompt/full-screen.ts',
    find: "isAsked(model) === 'too early' && isWriting(key)",
    replace: "isAsked(model) === 'too early' && key.name === 'other'",
    test: 'test/prompt/prompt-program.test.ts',
    named: 'takes nothing for an answer that goes on being written when a question comes',
  },
  {
    name: 'consent: silence is a no',
    file: DESK,
    find: "Math.max(0, until - Date.now()), () => settle({ kind: 'expired' }));",
    replace: "Math.max(0, until - Date.now()), () => settle({ kind: 'allowed', scopes: [] } as unknown as A));",
    test: DESK_TEST,
    named: 'expires, and takes the prompt off the screen',
  },
  {
    name: 'consent: a prompt that does not appear is a no',
    file: DESK,
    find: '}, DISPLAY_TIMEOUT_MS);',
    replace: '}, DISPLAY_TIMEOUT_MS * 100);',
    test: DESK_TEST,
    named: 'says that no one could be asked when the prompt does not appear in ten seconds',
  },
  {
    name: 'consent: no more than was offered',
    file: DESK,
    find: 'const scopes = intersectScopes(\n    answer.scopes,\n    question.offered.map((offer) => offer.scope),\n  );',
    replace: 'const { scopes } = answer;',
    test: DESK_TEST,
    named: 'never gives a scope that was not offered',
  },
  {
    name: 'consent: granted only from the screen',
    file: STATES,
    find: "    promptDisplayed: 'displayed',\n    declined: 'denied',",
    replace: "    promptDisplayed: 'displayed',\n    allowed: 'granted',\n    declined: 'denied',",
    test: STATES_TEST,
    named: 'is granted only from a prompt that was on screen',
  },
  {
    name: 'consent: active only from granted',
    file: STATES,
    find: "paired: { promptSent: 'prompting',",
    replace: "paired: { promptSent: 'prompting', opened: 'active',",
    test: STATES_TEST,
    named: 'reaches no open state without having been granted, whatever happens',
  },
  {
    name: 'consent: the prompter of tests stays in tests',
    file: 'daemon/consent/scripted-prompter.ts',
    find: 'if (process.env.VITEST === undefined) {',
    replace: "if (process.env.VITEST === 'never') {",
    test: 'test/prompt/scripted-prompter.test.ts',
    named: 'refuses to load outside of tests',
  },
  {
    name: 'consent: an approval names the command',
    file: DESK,
    find: 'return answer.digest === question.digest',
    replace: "return answer.digest !== ''",
    test: 'test/hostile/guided.test.ts',
    named: 'does not run under the digest of another one',
  },
];
