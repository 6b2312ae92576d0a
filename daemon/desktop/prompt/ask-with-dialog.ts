// What every window that asks has in common: it counts only in sight, early presses are not answers, and whatever is
// not clearly yes is no.

import type { Scope } from '../../../protocol/scopes.ts';
import type { AskOptions, PromptAnswer, PromptQuestion } from '../../consent/prompter.ts';
import { PromptLost } from '../../local/errors.ts';
import { Dialog, type DialogCommand, type DialogEnd } from '../dialog/dialog.ts';
import type { DesktopPlace } from '../place.ts';
import { heardOf } from './heard-of.ts';
import { NOTHING_TICKED, TOO_EARLY } from './question-text.ts';

const SHOW_MS = 6000; // of the ten seconds that the daemon gives; a window that is not in sight by then never will be; another way to ask is tried
const LATE_MS = 10_000; // the daemon's clock decides; a window's own clock only clears away what was left behind

/** What was pressed: `yes` with ticks, or anything else. */
export type Pressed =
  | { readonly kind: 'yes'; readonly scopes: readonly Scope[] }
  | { readonly kind: 'no' }
  /** The window ended by its own clock, which says nothing. */
  | { readonly kind: 'silence' }
  /** It broke or was killed: nobody has answered. */
  | { readonly kind: 'lost' };

/** What the next window shows: ticks that were set before it, and a sentence about the last press. */
export interface Showing {
  readonly ticked: ReadonlySet<Scope>;
  readonly remark: string;
}

/** How one kind of program asks. */
export interface DialogKind {
  command(question: PromptQuestion, showing: Showing, place: DesktopPlace, timeoutS: number): Promise<DialogCommand>;
  read(question: PromptQuestion, end: DialogEnd): Pressed;
}

/** Asks until there is an answer. @throws PromptLost when the question cannot be shown or its window is lost */
export async function askWithDialog(
  kind: DialogKind,
  place: DesktopPlace,
  question: PromptQuestion,
  { signal, onDisplayed }: AskOptions,
): Promise<PromptAnswer> {
  let showing: Showing = {
    ticked: new Set(question.offered.filter(({ preTicked }) => preTicked).map(({ scope }) => scope)),
    remark: '',
  };
  for (;;) {
    signal.throwIfAborted();
    const timeoutS = Math.ceil((Date.parse(question.until) - Date.now() + LATE_MS) / 1000);
    const command = await kind.command(question, showing, place, timeoutS);
    const end = await showOnce(command, place, question.armsAfterMs, signal, onDisplayed);
    const pressed = kind.read(question, end);
    if (pressed.kind === 'lost') throw new PromptLost('the window with the question was closed by force');
    if (pressed.kind === 'silence') throw new PromptLost('nobody answered');
    if (pressed.kind === 'no') return { allow: false };
    const early = end.inSightMs < question.armsAfterMs;
    if (!early && pressed.scopes.length > 0) return { allow: true, scopes: [...pressed.scopes] };
    showing = { ticked: new Set(pressed.scopes), remark: early ? TOO_EARLY : NOTHING_TICKED };
  }
}

/**
 * One window, from its opening to its end. It is gone from the screen when this is over, however. It counts as in sight
 * from when `onSeen` was heard.
 */
export async function showOnce(
  command: DialogCommand,
  place: DesktopPlace,
  keyboardAfterMs: number,
  signal: AbortSignal,
  onSeen: AskOptions['onDisplayed'],
): Promise<DialogEnd> {
  const before = await place.screen.activeWindow();
  signal.throwIfAborted();
  using dialog = new Dialog(command, place, { isQuestion: true });
  using stack = new DisposableStack();
  let keyboard: NodeJS.Timeout | undefined;
  let heardAt = Number.POSITIVE_INFINITY;
  // zenity has no way to open without the keyboard: what is being typed goes on where it was meant.
  const guard = before === null ? null : place.screen.onActiveWindow(() => dialog.giveKeyboardBack(before));
  stack.defer(() => guard?.[Symbol.dispose]());
  const stopped = new Promise<never>((_, reject) => {
    const stop = () => reject(new PromptLost('the question was withdrawn'));
    signal.addEventListener('abort', stop, { once: true });
    stack.defer(() => signal.removeEventListener('abort', stop));
    const timer = setTimeout(() => reject(new PromptLost('the window did not appear')), SHOW_MS);
    void dialog.seen.then(async () => {
      clearTimeout(timer);
      dialog.keepAbove(); // zenity has no option for it
      heardAt = await heardOf(onSeen());
      if (stack.disposed) return;
      keyboard = setTimeout(() => {
        guard?.[Symbol.dispose]();
        dialog.letHaveKeyboard();
      }, keyboardAfterMs);
    });
    stack.defer(() => clearTimeout(timer));
    stack.defer(() => clearTimeout(keyboard));
  });
  const end = await Promise.race([dialog.closed, stopped]);
  return { ...end, inSightMs: Math.max(0, Math.min(end.inSightMs, performance.now() - heardAt)) };
}
