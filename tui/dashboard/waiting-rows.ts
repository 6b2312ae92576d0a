// What is awaited, so that waiting never looks like hanging.

import type { NotGiven } from '../../protocol/conversation.ts';
import { SCOPE_WORDS } from '../../protocol/scopes.ts';
import { fitCells } from '../../protocol/terminal/sgr.ts';
import { paint } from '../theme.ts';
import { countdown } from './phrases.ts';
import type { ConnectForm, Waiting } from './ports.ts';
import { wrapWords } from './wrap-words.ts';

/** The way to a session, in order. */
const STAGES = [
  ['reaching', 'Reach the machine'],
  ['authenticating', 'Prove who you are'],
  ['pairing', 'Check the one-time code'],
  ['consent', 'The person reads and answers'],
  ['opening', 'Open the session'],
] as const satisfies readonly (readonly [Waiting['stage'], string])[];

/** @param now epoch milliseconds */
export function waitingRows(waiting: Waiting | null, form: ConnectForm, cols: number, now: number): string[] {
  const at = STAGES.findIndex(([stage]) => stage === (waiting?.stage ?? 'reaching'));
  const who = waiting === null ? form.address : waiting.who;
  const what = waiting === null ? 'to be reached' : waiting.what;
  const until = waiting?.until ?? null;
  const asked = form.scopes.map((scope) => SCOPE_WORDS[scope].title.toLowerCase()).join(', ');
  return [
    '',
    ...wrapWords(`Waiting for ${who} ${what}`, cols - 2).map((line) => paint('title', fitCells(` ${line}`, cols))),
    until === null ? '' : ` ${paint('accent', countdown(until - now))} left; no answer counts as no`,
    ...leftOutRows(waiting?.notGiven ?? [], cols),
    ...STAGES.map(([, words], index) => stageRow(words, index - at)),
    '',
    fitCells(` You ask to: ${asked}`, cols),
    fitCells(` Reason: ${form.reason}`, cols),
    fitCells(` Ticket: ${form.ticket}`, cols),
  ];
}

/** What the policy does not give here, said before the person has answered. */
function leftOutRows(notGiven: readonly NotGiven[], cols: number): string[] {
  if (notGiven.length === 0) return [];
  const each = notGiven.map(({ scope, why }) => `${SCOPE_WORDS[scope].title.toLowerCase()} (${why})`);
  const lines = wrapWords(`The person is not asked for: ${each.join('; ')}.`, cols - 2);
  return ['', ...lines.map((line) => paint('warning', fitCells(` ${line}`, cols))), ''];
}

function stageRow(words: string, after: number): string {
  if (after < 0) return `   ${paint('good', '✓')} ${words}`;
  if (after === 0) return `   ${paint('accent', '▸')} ${words}`;
  return paint('muted', `     ${words}`);
}
