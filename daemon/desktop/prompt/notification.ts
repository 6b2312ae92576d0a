// The question as a notification with buttons, for desktops without yad and zenity. Its window has to be seen like any
// other: desktops that draw notifications where nobody can check that are not asked this way.

import { randomUUID } from 'node:crypto';
import type { Scope } from '../../../protocol/scopes.ts';
import { sanitiseLine } from '../../../protocol/terminal/sanitise.ts';
import type { AskOptions, PromptAnswer, Prompter, PromptQuestion } from '../../consent/prompter.ts';
import { PromptLost } from '../../local/errors.ts';
import { lengthInWords, phoneInWords, recordedInWords, scopesInWords, standing, whoIs } from '../../prompt/words.ts';
import { wrap } from '../../terminal/wrap.ts';
import type { Notice, Notifications } from '../bus/notifications.ts';
import type { DesktopPlace } from '../place.ts';
import { heardOf } from './heard-of.ts';
import { TOO_EARLY } from './question-text.ts';

const SHOW_MS = 4000; // a notification that is not in sight by then never will be
const LOOK_MS = 100;
const WIDTH = 38; // letters of a line: notifications cut what is longer

/** What each button gives; keys carry a word that nobody else knows. */
export interface Choice {
  readonly key: string;
  readonly words: string;
  /** Null says no. */
  readonly scopes: readonly Scope[] | null;
}

export class NotificationPrompter implements Prompter {
  readonly name = 'notification';
  readonly #notifications: Notifications;
  readonly #place: DesktopPlace;

  constructor(notifications: Notifications, place: DesktopPlace) {
    this.#notifications = notifications;
    this.#place = place;
  }

  async ask(question: PromptQuestion, options: AskOptions): Promise<PromptAnswer> {
    if (!this.#notifications.hasButtons) throw new PromptLost('notifications have no buttons here');
    const process = await this.#notifications.process();
    if (process === null) throw new PromptLost('nothing shows notifications here');
    let remark = '';
    for (;;) {
      const answer = await this.#askOnce(question, remark, process, options);
      if (answer !== 'early') return answer;
      remark = TOO_EARLY;
    }
  }

  async #askOnce(
    question: PromptQuestion,
    remark: string,
    process: number,
    { signal, onDisplayed }: AskOptions,
  ): Promise<PromptAnswer | 'early'> {
    signal.throwIfAborted();
    using stack = new DisposableStack();
    const { promise, resolve, reject } = Promise.withResolvers<PromptAnswer | 'early'>();
    // What else the same program shows, an older notification or its icon, is not this question.
    const before = await this.#place.screen.windowsOf(process);
    const choices = choicesFor(question, randomUUID());
    let displayed = false;
    let since: number | null = null; // when the daemon had heard of it
    promise.catch(() => undefined); // it may be withdrawn before anybody waits for the answer
    const stop = () => reject(new PromptLost('the question was withdrawn'));
    signal.addEventListener('abort', stop, { once: true });
    stack.defer(() => signal.removeEventListener('abort', stop));
    const pressed = (key: string): void => {
      const choice = choices.find((each) => each.key === key);
      if (choice === undefined || choice.scopes === null) resolve({ allow: false });
      else if (since === null || performance.now() - since < question.armsAfterMs) resolve('early');
      else resolve({ allow: true, scopes: [...choice.scopes] });
    };
    const id = await this.#notifications.show(noticeFor(question, choices, remark), {
      onAction: pressed,
      onClosed: () => resolve({ allow: false }),
    });
    stack.defer(() => this.#notifications.close(id));
    const never = setTimeout(() => reject(new PromptLost('the notification did not appear')), SHOW_MS);
    stack.defer(() => clearTimeout(never));
    let looking = false;
    const look = setInterval(() => {
      if (looking) return;
      looking = true;
      void this.#place.screen.sightOf(process, before).then((sight) => {
        looking = false;
        if (sight === 'visible') {
          clearTimeout(never);
          if (displayed) return;
          displayed = true;
          void heardOf(onDisplayed()).then((at) => {
            since = at;
          });
        } else if (displayed && sight === 'hidden') reject(new PromptLost('the notification was lost'));
      });
    }, LOOK_MS);
    stack.defer(() => clearInterval(look));
    return await promise;
  }
}

/** All that was ticked beforehand, only the least of it, or nothing. */
export function choicesFor(question: PromptQuestion, secret: string): Choice[] {
  const usual = question.offered.filter(({ preTicked }) => preTicked).map(({ scope }) => scope);
  const [least] = question.offered;
  const choices: Choice[] = [{ key: `no-${secret}`, words: 'Do not allow', scopes: null }];
  if (least !== undefined && (usual.length !== 1 || usual[0] !== least.scope)) {
    choices.push({ key: `least-${secret}`, words: 'Allow less', scopes: [least.scope] });
  }
  if (usual.length > 0) {
    choices.push({ key: `usual-${secret}`, words: 'Allow', scopes: usual });
  }
  return choices;
}

function noticeFor(question: PromptQuestion, choices: readonly Choice[], remark: string): Notice {
  const { technician } = question;
  return {
    summary: 'Chaperone: someone asks to help',
    body: [
      ...(remark === '' ? [] : [remark]),
      whoIs(technician),
      `${standing(technician).words}. Phone: ${phoneInWords(technician)}`,
      `Reason: ${question.reason} (ticket ${question.ticket})`,
      `They ask to: ${scopesInWords(question.offered.map(({ scope }) => scope))}.`,
      ...choices.flatMap(({ words, scopes }) =>
        scopes === null ? [] : [`“${words}” lets them: ${scopesInWords(scopes)}.`],
      ),
      ...question.notices,
      `At most ${lengthInWords(question.limitMs)}. ${recordedInWords(question.recorded)} No answer means no.`,
    ]
      .flatMap((sentence) => wrap(sanitiseLine(sentence, 600), WIDTH))
      .join('\n'),
    actions: choices.map(({ key, words }) => [key, words] as const),
    stays: true,
  };
}
