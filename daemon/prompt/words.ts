// Sentences and figures for the local user: short, plain, without jargon (STYLE.md, "words are design").

import type { TechnicianIdentity } from '../../protocol/request.ts';
import { SCOPE_WORDS, type Scope } from '../../protocol/scopes.ts';
import type { CommandQuestion } from '../consent/command-question.ts';
import type { PromptQuestion } from '../consent/prompter.ts';
import type { Said, SessionView } from '../local/controls.ts';

const MINUTE_MS = 60_000;

/** `2 hours`, `1 hour 30 minutes`, `45 seconds`: rounded to what a person says. */
export function lengthInWords(ms: number): string {
  if (ms < MINUTE_MS) return count(Math.ceil(ms / 1000), 'second');
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 60) return count(minutes, 'minute');
  const rest = minutes % 60;
  return rest === 0
    ? count(minutes / 60, 'hour')
    : `${count(Math.floor(minutes / 60), 'hour')} ${count(rest, 'minute')}`;
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}

/** `9:41`, for a countdown. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const tail = `${String(seconds % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${String(rest).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** Hours and minutes on the wall clock of this computer, `14:05`. */
export function timeOfDay(instant: string): string {
  const date = new Date(instant);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

/** What somebody is, as on their badge: `Field Engineer, Clinic IT`; the role where the badge has no title. */
export function postOf({ role, certificate, organisation }: TechnicianIdentity): string {
  const post = certificate?.title ?? role;
  return organisation === null ? post : `${post}, ${organisation}`;
}

/** `Dana Roe (technician, Clinic IT)`. */
export function whoIs(technician: TechnicianIdentity): string {
  return `${technician.name} (${postOf(technician)})`;
}

/** What the machine knows about the name, in one sentence; `trusted` when a signature of the organisation stands behind it. */
export function standing({ verifiedBy }: TechnicianIdentity): { readonly trusted: boolean; readonly words: string } {
  return verifiedBy === 'certificate'
    ? { trusted: true, words: 'Their organisation vouches for this name and phone number' }
    : { trusted: false, words: 'Listed by your administrator; no organisation vouches for the name' };
}

/** The number to compare with the caller's. */
export function phoneInWords({ phone }: TechnicianIdentity): string {
  return phone === null ? 'none on the badge. Ask who is calling.' : `${phone}. Does it match your caller?`;
}

/** Above the fingerprint of this computer, wherever the person can see it. */
export const READ_FINGERPRINT = 'Read this out if they compare the fingerprint (capital letters count):';

/** `SHA256: abcd efgh …`: a fingerprint as it is said on the phone. */
export function inFours(fingerprint: string): string {
  const [, kind = '', digest = ''] = /^([^:]*:)?(.*)$/s.exec(fingerprint) ?? [];
  return [kind, ...(digest.match(/.{1,4}/gs) ?? [])].join(' ').trim();
}

/** For a technician who has never been here. */
export function addressInWords(addresses: readonly string[]): string {
  return `If they ask for the address: ${addresses.join(' or ')}`;
}

/** `run health checks, type commands`. */
export function scopesInWords(scopes: readonly Scope[]): string {
  if (scopes.length === 0) return 'do nothing';
  return scopes.map((scope) => lowerFirst(SCOPE_WORDS[scope].title)).join(', ');
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** What is kept of the session. */
export function recordedInWords({ output, input }: PromptQuestion['recorded']): string {
  if (output && input) return 'What they see and what they type is recorded.';
  if (output) return 'What they see is recorded.';
  return input ? 'What they type is recorded.' : 'Nothing is recorded.';
}

/** How a session stands, in words that need no colour. */
export function stateInWords({ state, because }: SessionView): string {
  switch (state) {
    case 'granted':
      return 'allowed, not yet connected';
    case 'active':
      return 'connected';
    case 'paused':
      return because === '' ? 'PAUSED' : `PAUSED: ${because}`;
    case 'ended':
      return because === '' ? 'ended' : `ended: ${because}`;
  }
}

export function recordingInWords({ recording }: SessionView): string {
  switch (recording) {
    case 'on':
      return 'recorded';
    case 'waiting':
      return 'shells and commands are recorded';
    case 'failed':
      return 'RECORDING FAILED';
  }
}

/** Who gets what was said, and who does not. */
export function saidInWords({ reached, missed }: Said): string {
  if (reached.length + missed.length === 0) return 'Nobody is connected, so nobody can read it.';
  const sent = reached.length === 0 ? [] : [`Sent to ${reached.join(', ')}.`];
  const lost = missed.map((name) => `${name} uses a program that cannot show messages: please tell them on the phone.`);
  return [...sent, ...lost].join(' ');
}

/** What did not happen because nobody answered: who asks for more is connected already. */
export function missedBy(question: PromptQuestion | CommandQuestion): string {
  if ('command' in question) return 'the command was not run';
  const { name } = question.technician;
  return question.during === undefined ? `${name} was not let in` : `${name} may do no more than before`;
}

/** Where to look, for someone to whom the name of a program says nothing. @param prompter as the daemon calls it */
export function askedElsewhere(prompter: string): string {
  return /^desktop\b/.test(prompter)
    ? 'Questions appear on the desktop first, in a window of their own.'
    : 'Questions appear in another window first.';
}
