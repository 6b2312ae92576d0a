// What the technician has asked the person for, and what came of it: lines of text, bounded.

import type { ProposalState } from '../../../protocol/control/messages.ts';
import type { Scope } from '../../../protocol/scopes.ts';
import { timeInWords } from '../../records/amounts.ts';
import type { SessionPort } from '../ports.ts';
import { inWords } from '../use-source.ts';

const LINES_MAX = 2000; // kept of all commands together; the machine keeps all of it

export interface AskLine {
  readonly kind: 'asked' | 'state' | 'output' | 'problem';
  readonly text: string;
}

export class AskLog implements Disposable {
  readonly #session: Pick<SessionPort, 'suggest' | 'askForMore' | 'prepareRestart'>;
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();
  #present: AbortController | null = null;
  #lines: readonly AskLine[] = [];
  #rest = '';

  constructor(session: Pick<SessionPort, 'suggest' | 'askForMore' | 'prepareRestart'>) {
    this.#session = session;
  }

  lines(): readonly AskLine[] {
    return this.#lines;
  }

  /** Whether something is being asked or runs. */
  get busy(): boolean {
    return this.#present !== null;
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  suggest(command: string, purpose: string): void {
    this.#begin({ kind: 'asked', text: `$ ${command}   (${purpose})` });
    let shown = command;
    const onState = ({ state, command: now, message }: ProposalState): void => {
      if (now !== shown) this.#add('state', `the person changed it: ${now}`);
      shown = now;
      if (state !== 'asking') this.#add('state', state === 'running' ? `running: ${now}` : message);
    };
    const onOutput = (_: string, text: string): void => this.#output(text);
    this.#follow((signal) =>
      this.#session
        .suggest(command, purpose, { onState, onOutput, signal })
        .then((end) => `${end.outcome}: ${end.message}`),
    );
  }

  /** Resolves with null when the person was asked, or with what kept them from being asked, which is not shown here. */
  askForMore(scopes: readonly Scope[], reason: string): Promise<string | null> {
    const asked = { kind: 'asked', text: `May I also have ${scopes.join(', ')}?   (${reason})` } as const;
    this.#begin(asked);
    return this.#session
      .askForMore(scopes, reason)
      .then(
        ({ outcome, message }) => {
          this.#add('state', `${outcome}: ${message}`);
          return null;
        },
        (error: unknown) => {
          this.#lines = this.#lines.filter((line) => line !== asked);
          return inWords(error);
        },
      )
      .finally(() => this.#announce());
  }

  /** Says what cannot be done, until something else is. */
  complain(words: string): void {
    this.#begin({ kind: 'problem', text: words });
  }

  /** From here on one restart does not need a new consent. */
  prepareRestart(): void {
    this.#begin({ kind: 'asked', text: 'May I come back once after a restart?' });
    this.#follow(async () => {
      const until = await this.#session.prepareRestart();
      return `yes, until ${timeInWords(until)}: restart the machine, then connect as before (no code is asked)`;
    });
  }

  /** Withdraws what is asked, or stops what runs. */
  cancel(): void {
    this.#present?.abort();
  }

  [Symbol.dispose](): void {
    this.#over.abort();
    this.#listeners.clear();
  }

  #follow(act: (signal: AbortSignal) => Promise<string>): void {
    const present = new AbortController();
    this.#present = present;
    act(AbortSignal.any([present.signal, this.#over.signal]))
      .then(
        (words) => this.#end('state', words),
        (error: unknown) => this.#end('problem', inWords(error)),
      )
      .finally(() => {
        if (this.#present === present) this.#present = null;
        this.#announce();
      });
  }

  #end(kind: AskLine['kind'], words: string): void {
    if (this.#rest !== '') this.#add('output', this.#rest);
    this.#rest = '';
    this.#add(kind, words);
  }

  #output(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    this.#lines = [...this.#lines, ...lines.map((line) => ({ kind: 'output', text: line }) as const)].slice(-LINES_MAX);
    this.#announce();
  }

  /** What went wrong before is old with the next action. */
  #begin(line: AskLine): void {
    this.#lines = [...this.#lines.filter(({ kind }) => kind !== 'problem'), line].slice(-LINES_MAX);
    this.#announce();
  }

  #add(kind: AskLine['kind'], text: string): void {
    this.#lines = [...this.#lines, { kind, text }].slice(-LINES_MAX);
    this.#announce();
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}
