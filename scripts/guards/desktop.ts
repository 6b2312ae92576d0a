// Guards of the person's desktop: what a press is worth, and that a session lives no longer than its window (6).

import type { Guard } from './guard.ts';

const WORDS_TEST = 'daemon/desktop/desktop-words.test.ts';

export const DESKTOP_GUARDS: readonly Guard[] = [
  {
    name: 'desktop: a question of zenity gives the keyboard back',
    file: 'daemon/desktop/prompt/ask-with-dialog.ts',
    find: 'place.screen.onActiveWindow(() => dialog.giveKeyboardBack(before));',
    replace: 'place.screen.onActiveWindow(() => undefined);',
    test: 'test/e2e/desktop-fallbacks.test.ts',
    named: 'has zenity only: typing that meant another window does not allow, and the keyboard reaches the question',
  },
  {
    name: 'desktop: an exit code of its own for Allow',
    file: 'daemon/desktop/prompt/yad.ts',
    find: 'if (code !== YAD_ALLOW) return',
    replace: 'if (code !== YAD_ALLOW && code !== 0) return',
    test: WORDS_TEST,
    named: 'yad: only Allow with exactly the ticks of the question is yes',
  },
  {
    name: 'desktop: exactly the ticks of the question',
    file: 'daemon/desktop/prompt/yad.ts',
    find: 'if (!TICKS.test(line) || ticks.length !== question.offered.length)',
    replace: 'if (!TICKS.test(line))',
    test: WORDS_TEST,
    named: 'yad: only Allow with exactly the ticks of the question is yes',
  },
  {
    name: 'desktop: words of others are no markup',
    file: 'daemon/desktop/dialog/pango.ts',
    find: "(character) => ENTITIES[character] ?? ''",
    replace: "(character) => (ENTITIES[character] === undefined ? '' : character)",
    test: WORDS_TEST,
    named: 'pango gives text that parses, whatever came in',
  },
  {
    name: 'desktop: an early press is no answer',
    file: 'daemon/desktop/prompt/ask-with-dialog.ts',
    find: 'const early = end.inSightMs < question.armsAfterMs;',
    replace: 'const early = end.inSightMs < 0;',
    test: 'test/e2e/desktop-attacks.test.ts',
    named: 'a press that came before anyone could read only brings the question again',
  },
  {
    name: 'desktop: a covered question was not asked',
    file: 'daemon/desktop/x11/screen.ts',
    find: '>= SEEN_FROM',
    replace: '>= SEEN_FROM - 1',
    test: 'test/e2e/desktop-attacks.test.ts',
    named: 'a question that something covers was not asked',
  },
  {
    name: 'indicator: no channel before its window',
    file: 'daemon/path/start-session.ts',
    find: 'if (!(await machine.indicator.whenUp(session.id, INDICATOR_UP_MS, session.over))) {',
    replace: 'if (!(await machine.indicator.whenUp(session.id, 0, session.over)) && session.id === "") {',
    test: 'test/e2e/desktop.test.ts',
    named: 'promise 6: no channel opens while the indicator does not come up',
  },
  {
    name: 'consent: the person at the console first',
    file: 'daemon/consent/desk.ts',
    find: 'PLACES.indexOf(one) - PLACES.indexOf(other)',
    replace: '0 * (PLACES.indexOf(one) - PLACES.indexOf(other))',
    test: 'test/e2e/console.test.ts',
    named: 'asks them on their own desktop, though root opened a prompt first, and ends when they leave',
  },
  {
    name: 'presence: nobody takes back the word of another',
    file: 'daemon/presence/presence.ts',
    find: '            this.#saying[each].delete(told);\n            // Whoever',
    replace: '            this.#saying[each].clear();\n            // Whoever',
    test: 'test/desktop/presence.test.ts',
    named: 'is held by what each says: nobody takes back the word of another',
  },
  {
    name: 'presence: a lock outlives the program that saw it',
    file: 'daemon/presence/presence.ts',
    find: 'if (this.#saying[each].delete(told)) this.#saying[each].add(this.#gone);',
    replace: 'this.#saying[each].delete(told);',
    test: 'test/desktop/presence.test.ts',
    named: 'when who said so dies, until another who can tell speaks',
  },
];
