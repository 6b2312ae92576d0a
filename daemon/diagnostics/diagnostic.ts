// What a diagnostic is to the daemon: a descriptor for people, and a function that looks and tells.

import type { DiagnosticDescriptor, DiagnosticOutput } from '../../protocol/diagnostics.ts';
import { ChaperoneError } from '../../protocol/errors.ts';
import type { Probe } from './probe.ts';

export type ParameterValues = Readonly<Record<string, string | number>>;

/** What the runner hands to a diagnostic. */
export interface DiagnosticContext {
  /** Already validated against the descriptor; defaults are filled in. */
  readonly parameters: ParameterValues;
  /** Aborted on cancellation and when the time is over. */
  readonly signal: AbortSignal;
  /** The only way to the machine: bounded, cancellable, replaceable in tests. */
  readonly probe: Probe;
  /** Resolves when the output was taken over: await it, so that a slow session slows the diagnostic. */
  emit(output: DiagnosticOutput): Promise<void>;
  progress(text: string, fraction?: number): Promise<void>;
}

export interface Diagnostic {
  readonly descriptor: DiagnosticDescriptor;
  /**
   * Looks and emits; resolves to the one sentence that `DiagnosticEnd.message` carries.
   *
   * @throws DiagnosticUnavailable when the machine cannot answer, with the reason in plain words.
   */
  run(context: DiagnosticContext): Promise<string>;
}

/** The machine cannot answer this one; the message is shown to both people as it is. */
export class DiagnosticUnavailable extends ChaperoneError {}

/** A text parameter, or undefined when it was optional and not given. */
export function textOf(parameters: ParameterValues, name: string): string | undefined {
  const value = parameters[name];
  return value === undefined ? undefined : String(value);
}

/** An integer parameter, or undefined when it was optional and not given. */
export function integerOf(parameters: ParameterValues, name: string): number | undefined {
  const value = parameters[name];
  return typeof value === 'number' ? value : undefined;
}
