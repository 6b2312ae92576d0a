// What the keys of the local user do to a question. Pure: the full screen and the tests drive it.
//
// Allowing takes two deliberate acts that prose typed into the wrong window does not hold: moving to the choice with
// Tab or an arrow, and Enter. Until the question is armed, keys do nothing but say so.

import { orderScopes, type Scope } from '../../protocol/scopes.ts';
import type { PromptAnswer, PromptQuestion } from '../consent/prompter.ts';
import type { Key } from '../terminal/keys.ts';

/** Where the marker stands: a permission by its index, or one of the two choices. */
export type Focus = number | 'allow' | 'deny';

export interface QuestionState {
  readonly question: PromptQuestion;
  readonly ticked: ReadonlySet<Scope>;
  readonly focus: Focus;
  /** Whether the time has passed in which stray typing could have answered. */
  readonly armed: boolean;
  /** What the last key did or why it did nothing; one sentence, may be empty. */
  readonly remark: string;
}

export type KeyEffect =
  | { readonly kind: 'state'; readonly state: QuestionState }
  | { readonly kind: 'answer'; readonly answer: PromptAnswer };

const TOO_EARLY = 'One moment: please read first. Keys work in a second.';
const TICK_FIRST = 'Nothing is ticked. Tick it, or choose Do not allow.';
const HOW = 'Space ticks. Tab moves on to Allow. Esc says no.';
const PASTED = 'Pasted text is not an answer.';

/** The question as it first appears: the marker on the first permission, nothing allowed yet. */
export function newQuestion(question: PromptQuestion): QuestionState {
  const ticked = new Set(question.offered.filter((offer) => offer.preTicked).map((offer) => offer.scope));
  return { question, ticked, focus: 0, armed: false, remark: '' };
}

/** From now on keys count. */
export function arm(state: QuestionState): QuestionState {
  return { ...state, armed: true, remark: '' };
}

export function press(state: QuestionState, key: Key): KeyEffect {
  // No is always heard at once.
  if (key.name === 'escape' || key.name === 'ctrl-c' || key.name === 'ctrl-d') return deny();
  if (!state.armed) return next(state, { remark: TOO_EARLY });
  switch (key.name) {
    case 'tab':
    case 'down':
    case 'right':
      return next(state, { focus: moved(state, 1), remark: '' });
    case 'back-tab':
    case 'up':
    case 'left':
      return next(state, { focus: moved(state, -1), remark: '' });
    case 'enter':
      return choose(state);
    case 'text':
      if (key.text === 'q' || key.text === 'Q') return deny();
      return key.text === ' ' ? tick(state) : next(state, { remark: HOW });
    case 'paste':
      return next(state, { remark: PASTED });
    default:
      return next(state, { remark: HOW });
  }
}

function next(state: QuestionState, change: Partial<QuestionState>): KeyEffect {
  return { kind: 'state', state: { ...state, ...change } };
}

function deny(): KeyEffect {
  return { kind: 'answer', answer: { allow: false } };
}

function moved({ question, focus }: QuestionState, by: 1 | -1): Focus {
  const places: Focus[] = [...question.offered.keys(), 'allow', 'deny'];
  return places[(places.indexOf(focus) + by + places.length) % places.length] ?? 'deny';
}

function tick(state: QuestionState): KeyEffect {
  if (typeof state.focus !== 'number') return next(state, { remark: 'Press Enter to choose this.' });
  return { kind: 'state', state: toggle(state, state.focus) };
}

/** Ticks or unticks the permission at `index`, if there is one. */
export function toggle(state: QuestionState, index: number): QuestionState {
  const scope = state.question.offered[index]?.scope;
  if (scope === undefined) return state;
  const ticked = new Set(state.ticked);
  if (!ticked.delete(scope)) ticked.add(scope);
  return { ...state, ticked, remark: '' };
}

function choose(state: QuestionState): KeyEffect {
  if (state.focus === 'deny') return deny();
  if (state.focus !== 'allow') return next(state, { remark: HOW });
  if (state.ticked.size === 0) return next(state, { remark: TICK_FIRST });
  return { kind: 'answer', answer: { allow: true, scopes: orderScopes(state.ticked) } };
}
