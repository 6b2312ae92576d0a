// The receipt in plain words, for the person at the machine.

import { diagnosticTitle } from '../../protocol/diagnostic-names.ts';
import type { EndParty, GrantChange, Receipt } from '../../protocol/receipt.ts';
import { orderScopes, Scope } from '../../protocol/scopes.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { lengthInWords, scopesInWords, timeOfDay, whoIs } from '../prompt/words.ts';
import {
  CONNECTION_LOST,
  PERSON_ENDED,
  TECHNICIAN_ENDED,
  TECHNICIAN_FINISHED,
  TECHNICIAN_LEFT,
} from '../session/words.ts';

const DIAGNOSTICS_SHOWN = 20; // the whole list is in the receipt itself

const ENDED_BY: Readonly<Record<EndParty, string>> = {
  'local user': 'you ended it',
  technician: 'the technician ended it',
  'time limit': 'the agreed time was over',
  machine: 'this computer ended it',
  connection: 'the connection was lost',
};

/** Reasons that repeat who ended it. */
const SAYS_NO_MORE: ReadonlySet<string> = new Set(['', PERSON_ENDED, TECHNICIAN_ENDED, CONNECTION_LOST]);

const OUTCOMES = { done: 'done', failed: 'failed', cancelled: 'stopped', timeout: 'took too long' } as const;

/** Sentences, the most important first. */
export function receiptSentences(receipt: Receipt): string[] {
  const { grant, startedAt, endedAt } = receipt;
  const length = lengthInWords(Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)));
  return [
    `${whoIs(grant.technician)} was connected from ${timeOfDay(startedAt)} to ${timeOfDay(endedAt)} (${length}).`,
    `How it ended: ${howItEnded(receipt)}.`,
    ...(receipt.helpAsked === undefined ? [] : [`You had asked for help: ${sanitiseLine(receipt.helpAsked, 2000)}`]),
    `Reason: ${grant.reason} (ticket ${grant.ticket})`,
    `You allowed them to: ${scopesInWords(firstScopes(receipt))}.`,
    ...(receipt.grantChanges ?? []).map(changed),
    `They used: ${receipt.scopesUsed.length === 0 ? 'nothing' : scopesInWords(receipt.scopesUsed)}.`,
    ...shells(receipt),
    ...diagnostics(receipt),
    ...commands(receipt),
    ...receipt.refused.map(refusal),
    ...(receipt.pauses === 0 ? [] : [`It was paused ${times(receipt.pauses)}.`]),
    `They were sent ${bytesInWords(receipt.bytes.toTechnician)} and sent ${bytesInWords(receipt.bytes.fromTechnician)}.`,
    receipt.processesLeft === 0
      ? 'Nothing that they started is still running.'
      : `ATTENTION: ${receipt.processesLeft} program(s) that they started were still running. Tell your administrator.`,
    ...(grant.sandboxed ? [] : ['Their commands were not walled off from the rest of this computer.']),
  ];
}

/** Asking for more is no offence, and the names of the protocol say nothing to the person. */
function refusal({ what, count }: Receipt['refused'][number]): string {
  const asked = Scope.safeParse(what.replace(/^scope\.request /u, ''));
  if (asked.success) return `They asked, in vain, to: ${scopesInWords([asked.data])} (${times(count)}).`;
  const wanted = Scope.safeParse(what.replace(/^control /u, ''));
  const words = wanted.success ? scopesInWords([wanted.data]) : what;
  return `Refused, because it was not allowed: ${words} (${times(count)}).`;
}

/** Who ended it, and why where that says more. */
function howItEnded({ endedBy, endReason }: Receipt): string {
  if (endReason === TECHNICIAN_FINISHED || endReason === TECHNICIAN_LEFT) return endReason;
  return SAYS_NO_MORE.has(endReason) ? ENDED_BY[endedBy] : `${ENDED_BY[endedBy]} (${endReason})`;
}

/** What was allowed at the beginning: the changes taken back, from the last to the first. */
function firstScopes({ grant, grantChanges = [] }: Receipt): Scope[] {
  const scopes = new Set(grant.scopes);
  for (const { added, withdrawn } of grantChanges.toReversed()) {
    for (const scope of added) scopes.delete(scope);
    for (const scope of withdrawn) scopes.add(scope);
  }
  return orderScopes(scopes);
}

function changed({ at, by, reason, added, withdrawn }: GrantChange): string {
  const what = added.length > 0 ? `also allowed: ${scopesInWords(added)}` : `taken back: ${scopesInWords(withdrawn)}`;
  return `At ${timeOfDay(at)} ${what}${by === 'local user' ? '' : ` (${reason})`}.`;
}

function shells({ shells: all, recordingFailed = false }: Receipt): string[] {
  if (all.length === 0) return ['They typed no commands.'];
  const typed = all.reduce((sum, shell) => sum + shell.bytesIn, 0);
  const times = all.map((shell) => `${timeOfDay(shell.openedAt)} to ${timeOfDay(shell.closedAt)}`).slice(0, 5);
  const more = all.length > times.length ? ` and ${all.length - times.length} more` : '';
  return [
    `They could type commands ${times.join(', ')}${more} and typed ${bytesInWords(typed)}.`,
    recordingFailed
      ? 'ATTENTION: the recording stopped working, so not all that they saw is recorded.'
      : 'What they saw is recorded.',
  ];
}

function diagnostics({ diagnostics: all }: Receipt): string[] {
  if (all.length === 0) return ['They ran no health checks.'];
  const shown = all
    .slice(0, DIAGNOSTICS_SHOWN)
    .map(({ id, outcome }) => `${diagnosticTitle(id)} (${OUTCOMES[outcome]})`);
  const more = all.length > shown.length ? ` and ${all.length - shown.length} more` : '';
  return [`Health checks: ${shown.join(', ')}${more}.`];
}

function commands({ commands: all = [], commandsDeclined = 0 }: Receipt): string[] {
  const shown = all.slice(0, DIAGNOSTICS_SHOWN).map(({ command, outcome }) => `${command} (${OUTCOMES[outcome]})`);
  const more = all.length > shown.length ? [`And ${all.length - shown.length} more commands.`] : [];
  const declined = commandsDeclined === 1 ? 'a command' : `${commandsDeclined} commands`;
  return [
    ...shown.map((words) => `You approved the command: ${words}`),
    ...more,
    ...(commandsDeclined === 0 ? [] : [`You said no to ${declined} that they suggested.`]),
  ];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** `1.2 MB`: powers of ten, as file managers show them. */
function bytesInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
