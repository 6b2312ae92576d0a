// Runs one diagnostic: validates its parameters, bounds its time and output, stops it when asked, and always ends
// with one sentence for people.

import { ZodError } from 'zod';
import { type DiagnosticEnd, type DiagnosticOutput, parseParameters } from '../../protocol/diagnostics.ts';
import { ProgramMissing } from '../run/program-errors.ts';
import { duration } from './amounts.ts';
import { cleanMessage, cleanOutput } from './clean-output.ts';
import { type Diagnostic, type DiagnosticContext, DiagnosticUnavailable } from './diagnostic.ts';
import { machineProbe, type Probe } from './probe.ts';

const MAX_OUTPUTS = 200; // of a diagnostic that does not stream; the chattiest of ours makes about 30
const MAX_TOTAL_BYTES = 2 * 1024 * 1024; // of all its outputs, as JSON
const LINGER_MS = 1_000; // a stopped diagnostic gets this long to bury its programs

export interface RunLimits {
  /** Milliseconds; can shorten the descriptor's time limit, never lengthen it. */
  readonly timeoutMs?: number;
  /** @default 200 */
  readonly maxOutputs?: number;
  /** Bytes of JSON. @default 2 MiB */
  readonly maxTotalBytes?: number;
}

export interface RunOptions {
  /** Aborting it ends the run at once with the outcome `cancelled`. */
  readonly signal: AbortSignal;
  /**
   * Takes one output, already sanitised, bounded and schema-valid. The diagnostic waits for the promise; a
   * rejection stops the run and rejects it. Never called again once the run has ended.
   */
  readonly emit: (output: DiagnosticOutput) => void | Promise<void>;
  readonly limits?: RunLimits;
  /** For tests: another machine. */
  readonly probe?: (signal: AbortSignal) => Probe;
  /** For tests: another system. @default process.platform */
  readonly platform?: string;
}

/**
 * Runs `diagnostic` with `input` as it came from the technician.
 *
 * @throws ParameterError before anything runs, when `input` does not fit the descriptor.
 */
export async function runDiagnostic(
  diagnostic: Diagnostic,
  input: Readonly<Record<string, unknown>>,
  options: RunOptions,
): Promise<DiagnosticEnd> {
  const { descriptor } = diagnostic;
  const parameters = parseParameters(descriptor, input);
  const started = performance.now();
  let truncated = false;
  const end = (outcome: DiagnosticEnd['outcome'], message: string): DiagnosticEnd => ({
    outcome,
    message: cleanMessage(message),
    truncated,
    durationMs: Math.round(performance.now() - started),
  });

  const platform = options.platform ?? process.platform;
  if (!descriptor.platforms.some((supported) => supported === platform)) {
    return end('failed', `${descriptor.title}: not available on this system`);
  }
  if (options.signal.aborted) return end('cancelled', 'stopped on request');

  const timeoutMs = Math.min(descriptor.timeoutMs, options.limits?.timeoutMs ?? descriptor.timeoutMs);
  const timeout = AbortSignal.timeout(timeoutMs);
  // Ends what still runs when the session breaks, and what a diagnostic left behind when it is over.
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, timeout, closing.signal]);
  const noteTruncated = () => {
    truncated = true;
  };
  const gate = outputGate(options, descriptor.streams, signal, {
    truncated: noteTruncated,
    broken: () => closing.abort(),
  });
  const context: DiagnosticContext = {
    parameters,
    signal,
    probe: options.probe?.(signal) ?? machineProbe(signal, noteTruncated),
    emit: gate.emit,
    progress: (text, fraction) =>
      gate.emit({ kind: 'progress', text, ...(fraction === undefined ? {} : { fraction }) }),
  };

  try {
    const running = diagnostic.run(context);
    const message = await untilAborted(running, signal);
    return end('done', message);
  } catch (error) {
    if (gate.broken() !== undefined) throw gate.broken();
    if (options.signal.aborted) return end('cancelled', 'stopped on request');
    if (timeout.aborted) return end('timeout', timeoutMessage(descriptor.streams, timeoutMs));
    return end('failed', reason(error));
  } finally {
    closing.abort();
  }
}

/** Between a diagnostic and the session: cleans, counts, and closes for good when the run is over. */
function outputGate(
  options: RunOptions,
  streams: boolean,
  signal: AbortSignal,
  tell: { truncated(): void; broken(): void },
) {
  const maxOutputs = options.limits?.maxOutputs ?? MAX_OUTPUTS;
  const maxTotalBytes = options.limits?.maxTotalBytes ?? MAX_TOTAL_BYTES;
  let outputs = 0;
  let total = 0;
  let failure: Error | undefined;

  const emit = async (raw: DiagnosticOutput): Promise<void> => {
    signal.throwIfAborted();
    const { output, truncated } = cleanOutput(raw);
    if (truncated) tell.truncated();
    outputs += 1;
    total += Buffer.byteLength(JSON.stringify(output));
    // A stream is bounded by its time limit and its pace instead.
    if (!streams && (outputs > maxOutputs || total > maxTotalBytes)) return tell.truncated();
    try {
      await options.emit(output);
    } catch (error) {
      failure = error instanceof Error ? error : new DiagnosticUnavailable(String(error));
      tell.broken(); // a diagnostic that shrugs must not work on unseen
      throw failure;
    }
  };
  return { emit, broken: () => failure };
}

/** Settles as `running` does, but no later than `LINGER_MS` after the abort. */
async function untilAborted(running: Promise<string>, signal: AbortSignal): Promise<string> {
  running.catch(() => undefined); // after the linger nobody listens any more
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  let linger: NodeJS.Timeout | undefined;
  const onAbort = () => {
    linger = setTimeout(() => reject(signal.reason), LINGER_MS);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const message = await Promise.race([running, aborted]);
    signal.throwIfAborted();
    return message;
  } finally {
    clearTimeout(linger);
    signal.removeEventListener('abort', onAbort);
  }
}

function reason(error: unknown): string {
  if (error instanceof DiagnosticUnavailable) return error.message;
  if (error instanceof ProgramMissing) return `a program that this needs is missing: ${error.message}`;
  if (error instanceof ZodError) return 'it failed: its result was not valid';
  return `it failed: ${error instanceof Error ? error.message : String(error)}`;
}

function timeoutMessage(streams: boolean, timeoutMs: number): string {
  const time = timeoutMs < 2_000 ? `${timeoutMs} ms` : duration(timeoutMs / 1000);
  return streams ? `stopped after ${time}, the longest it may run` : `stopped: it took longer than ${time}`;
}
