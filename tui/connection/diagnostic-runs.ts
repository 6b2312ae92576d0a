// Diagnostics that run on the machine now: which output belongs to whom, and how each comes to an end for certain.

import type { DiagnosticEnd, DiagnosticOutput } from '../../protocol/diagnostics.ts';
import type { RunOptions } from '../dashboard/ports.ts';
import type { ControlChannel } from './control-channel.ts';
import { SessionOver } from './errors.ts';

const CANCEL_ANSWER_MS = 10_000; // then it counts as cancelled here, whatever the machine does

interface Run {
  readonly onOutput: (output: DiagnosticOutput) => void;
  readonly onEnd: (end: DiagnosticEnd) => void;
  readonly onLost: () => void;
}

export class DiagnosticRuns {
  readonly #control: ControlChannel;
  readonly #runs = new Map<number, Run>();

  constructor(control: ControlChannel) {
    this.#control = control;
  }

  async run(
    id: string,
    parameters: Readonly<Record<string, string | number>>,
    { onOutput, signal }: RunOptions,
  ): Promise<DiagnosticEnd> {
    if (signal.aborted) {
      return cancelled('it was not started');
    }
    const { promise, resolve, reject } = Promise.withResolvers<DiagnosticEnd>();
    promise.catch(() => undefined); // the request itself may fail first
    const onLost = (): void => reject(new SessionOver('the session ended before the check did'));
    const { run } = await this.#control.request('diagnostics.run', { id, parameters: { ...parameters } }, (started) =>
      this.#runs.set(started.run, { onOutput, onEnd: resolve, onLost }),
    );
    let impatience: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      this.#control.request('diagnostics.cancel', { run }).catch(() => undefined);
      impatience = setTimeout(() => resolve(cancelled('the machine does not say that it stopped')), CANCEL_ANSWER_MS);
    };
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) {
      cancel();
    }
    try {
      return await promise;
    } finally {
      clearTimeout(impatience);
      signal.removeEventListener('abort', cancel);
      this.#runs.delete(run);
    }
  }

  output(run: number, output: DiagnosticOutput): void {
    this.#runs.get(run)?.onOutput(output);
  }

  end(run: number, end: DiagnosticEnd): void {
    this.#runs.get(run)?.onEnd(end);
  }

  /** The connection is gone: none of them will end by itself. */
  lost(): void {
    for (const run of this.#runs.values()) {
      run.onLost();
    }
  }
}

function cancelled(message: string): DiagnosticEnd {
  return { outcome: 'cancelled', message, truncated: false, durationMs: 0 };
}
