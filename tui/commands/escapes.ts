// What a technician can do beside typing, in a session held line by line: lines that begin with ~, as in OpenSSH. Only
// at a terminal: what a program pipes in goes to the machine as it is.

import { nearest } from '../../protocol/nearest-word.ts';
import { SCOPES } from '../../protocol/scope-names.ts';
import { Scope } from '../../protocol/scopes.ts';
import type { LiveSession } from '../connection/live-session.ts';
import { say } from './output.ts';

const REASON_MAX = 300; // characters, as the machine takes them

export const ESCAPE_HELP = [
  'At the beginning of a line, with Enter behind it:',
  '~?                      this list',
  '~c TEXT                 write to the person',
  '~a PERMISSION REASON    ask the person to allow more, such as: ~a shell the service must be restarted',
  '~.                      end the session',
  '~~TEXT                  a line that begins with ~',
] as const;

export type Escape =
  | { readonly kind: 'help' | 'end' }
  | { readonly kind: 'chat'; readonly text: string }
  | { readonly kind: 'ask'; readonly scopes: readonly Scope[]; readonly reason: string }
  /** Meant as one, and not usable: why. */
  | { readonly kind: 'mistaken'; readonly words: string }
  /** For the machine. */
  | { readonly kind: 'line'; readonly text: string };

/** Reads one line without its end. `~/bin/x` and `~user` are for the machine, as in OpenSSH. */
export function readEscape(line: string): Escape {
  const text = line.replace(/\r$/, '');
  if (text.startsWith('~~')) return { kind: 'line', text: line.slice(1) };
  if (/^~\?\s*$/.test(text)) return { kind: 'help' };
  if (/^~\.\s*$/.test(text)) return { kind: 'end' };
  const [, letter, rest = ''] = /^~([ac])(?:\s+(.*))?$/s.exec(text) ?? [];
  if (letter === undefined) return { kind: 'line', text: line };
  if (letter === 'a') return readAsk(rest.trim());
  const words = rest.trim();
  return words === '' ? { kind: 'mistaken', words: 'write it behind: ~c TEXT' } : { kind: 'chat', text: words };
}

function readAsk(rest: string): Escape {
  const [names = '', ...words] = rest.split(/\s+/);
  const scopes: Scope[] = [];
  for (const name of names.split(',')) {
    const scope = Scope.safeParse(name);
    if (!scope.success) {
      const meant = nearest(name, SCOPES);
      const hint = meant === undefined ? `permissions are: ${SCOPES.join(', ')}` : `did you mean "${meant}"?`;
      return { kind: 'mistaken', words: `there is no permission ${JSON.stringify(name)}; ${hint}` };
    }
    scopes.push(scope.data);
  }
  const reason = words.join(' ');
  if (reason.length > REASON_MAX) {
    const words = `the person reads at most ${REASON_MAX} characters, and these are ${reason.length}: say it shorter`;
    return { kind: 'mistaken', words };
  }
  if (reason === '') return { kind: 'mistaken', words: `say why, for the person to read: ~a ${names} REASON` };
  return { kind: 'ask', scopes, reason };
}

/** Does what an escape asks for; the answer of the person is told when it comes. */
export function actOn(asked: Exclude<Escape, { kind: 'line' }>, session: LiveSession): void {
  switch (asked.kind) {
    case 'help':
      for (const line of ESCAPE_HELP) say(line);
      break;
    case 'end':
      void session.end();
      break;
    case 'mistaken':
      say(asked.words);
      break;
    case 'chat':
      session.sendChat(asked.text).then(() => say('sent'), tellProblem);
      break;
    case 'ask':
      say('the person is asked');
      session.askForMore(asked.scopes, asked.reason).then(({ message }) => say(message), tellProblem);
  }
}

function tellProblem(problem: unknown): void {
  say(problem instanceof Error ? problem.message : 'that did not work');
}

const NEWLINE = 0x0a;

/** Takes escapes out of what is typed. A terminal in its usual mode gives whole lines. */
export class TypedLines {
  #atStart = true;

  /** @param onLine gets what is for the machine, with the text of a whole line where it is one */
  take(chunk: Buffer, onEscape: (asked: Exclude<Escape, { kind: 'line' }>) => void, onTyped: OnTyped): void {
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, from);
      const piece = chunk.subarray(from, end < 0 ? chunk.length : end + 1);
      from += piece.length;
      const whole = this.#atStart && end >= 0;
      this.#atStart = end >= 0;
      const line = whole ? piece.toString().slice(0, -1) : null;
      const read = line?.startsWith('~') === true ? readEscape(line) : null;
      if (read === null) onTyped(piece, line);
      else if (read.kind === 'line') onTyped(Buffer.from(`${read.text}\n`), line);
      else onEscape(read);
    }
  }
}

/** `shown`: what stands on this terminal already, when it is a whole line. */
export type OnTyped = (bytes: Buffer, shown: string | null) => void;
