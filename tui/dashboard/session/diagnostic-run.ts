// One run of a diagnostic: what it said so far, how it ended, and the way to cancel it.

import type { DiagnosticDescriptor, DiagnosticEnd, DiagnosticOutput } from '../../../protocol/diagnostics.ts';
import type { SessionPort } from '../ports.ts';
import { inWords } from '../use-source.ts';

const MAX_OUTPUTS = 200; // kept of one run; the machine bounds its own, this bounds a hostile one

export interface RunState {
  /** Tables, facts and texts, in their order. */
  readonly outputs: readonly DiagnosticOutput[];
  readonly progress: { readonly words: string; readonly fraction: number | null } | null;
  /** How it ended, or what kept it from running. */
  readonly end: Pick<DiagnosticEnd, 'outcome' | 'message' | 'truncated'> | null;
}

export class DiagnosticRun implements Disposable {
  readonly descriptor: DiagnosticDescriptor;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();
  #state: RunState = { outputs: [], progress: null, end: null };

  constructor(
    session: Pick<SessionPort, 'runDiagnostic'>,
    descriptor: DiagnosticDescriptor,
    parameters: Readonly<Record<string, string | number>>,
  ) {
    this.descriptor = descriptor;
    session
      .runDiagnostic(descriptor.id, parameters, {
        signal: this.#abort.signal,
        onOutput: (output) => this.#take(output),
      })
      .then(
        (end) => this.#set({ end }),
        (error: unknown) => this.#set({ end: { outcome: 'failed', message: inWords(error), truncated: false } }),
      );
  }

  state(): RunState {
    return this.#state;
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** Cancels it on the machine; its end still comes. */
  [Symbol.dispose](): void {
    this.#abort.abort();
  }

  #take(output: DiagnosticOutput): void {
    if (output.kind === 'progress') {
      this.#set({ progress: { words: output.text, fraction: output.fraction ?? null } });
    } else if (this.#state.outputs.length < MAX_OUTPUTS) {
      this.#set({ outputs: [...this.#state.outputs, output] });
    }
  }

  #set(change: Partial<RunState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
