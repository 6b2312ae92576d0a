// What this technician has asked the person for during the session: suggested commands, and more permissions. Each
// comes to an end for certain, also when the machine says nothing any more.

import type { ProposalResult, ProposalState, ScopeAnswer } from '../../protocol/control/messages.ts';
import type { Scope } from '../../protocol/scopes.ts';
import type { SuggestOptions } from '../dashboard/ports.ts';
import type { ControlChannel } from './control-channel.ts';
import { SessionOver } from './errors.ts';

interface Suggestion extends Pick<SuggestOptions, 'onState' | 'onOutput'> {
  readonly onEnd: (end: ProposalResult) => void;
  readonly onLost: () => void;
}

interface Question {
  readonly onAnswer: (answer: ScopeAnswer) => void;
  readonly onLost: () => void;
}

export class Asks {
  readonly #control: ControlChannel;
  readonly #suggestions = new Map<number, Suggestion>();
  readonly #questions = new Map<number, Question>();

  constructor(control: ControlChannel) {
    this.#control = control;
  }

  /** Resolves when the command has run or will not run. Aborting withdraws it, or stops it. */
  async suggest(command: string, purpose: string, options: SuggestOptions): Promise<ProposalResult> {
    const { promise, resolve, reject } = Promise.withResolvers<ProposalResult>();
    promise.catch(() => undefined); // the request itself may fail first
    const onLost = (): void => reject(new SessionOver('the session ended before the command did'));
    const { onState, onOutput, signal } = options;
    const { proposal } = await this.#control.request('command.propose', { command, purpose }, (made) =>
      this.#suggestions.set(made.proposal, { onState, onOutput, onEnd: resolve, onLost }),
    );
    const cancel = (): void => void this.#control.request('command.cancel', { proposal }).catch(() => undefined);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) {
      cancel();
    }
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#suggestions.delete(proposal);
    }
  }

  /** Resolves with the person's answer; what was added is in the grant by then. */
  async askForMore(scopes: readonly Scope[], reason: string): Promise<ScopeAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<ScopeAnswer>();
    promise.catch(() => undefined);
    const onLost = (): void => reject(new SessionOver('the session ended before there was an answer'));
    const { question } = await this.#control.request('scope.request', { scopes: [...scopes], reason }, (made) =>
      this.#questions.set(made.question, { onAnswer: resolve, onLost }),
    );
    return await promise.finally(() => this.#questions.delete(question));
  }

  state(state: ProposalState): void {
    this.#suggestions.get(state.proposal)?.onState(state);
  }

  output(proposal: number, stream: 'stdout' | 'stderr', text: string): void {
    this.#suggestions.get(proposal)?.onOutput(stream, text);
  }

  result(result: ProposalResult): void {
    this.#suggestions.get(result.proposal)?.onEnd(result);
  }

  answered(answer: ScopeAnswer): void {
    this.#questions.get(answer.question)?.onAnswer(answer);
  }

  /** The connection is gone: none of them will end by itself. */
  lost(): void {
    for (const { onLost } of [...this.#suggestions.values(), ...this.#questions.values()]) {
      onLost();
    }
  }
}
