// `chaperone run`: one health check of a machine, its tables on standard output.

import { checkDiagnostic } from '../../protocol/diagnostic-names.ts';
import { parseParameters } from '../../protocol/diagnostic-parameters.ts';
import type { DiagnosticDescriptor, DiagnosticEnd, DiagnosticOutput } from '../../protocol/diagnostics.ts';
import { EXIT, type ExitCode, UsageError } from '../../protocol/errors.ts';
import { nearest } from '../../protocol/nearest-word.ts';
import type { LiveSession } from '../connection/live-session.ts';
import { connectForTask } from './connect-for-task.ts';
import { Interruption } from './interruption.ts';
import { print, printEvent, say } from './output.ts';
import { leaveSession } from './plain-session.ts';
import { ProgressLine, printOutput } from './print-output.ts';
import type { RequestOptions } from './request-options.ts';
import { tableLines } from './table.ts';

const SCOPES = ['diagnostics'] as const;

export interface RunCommandOptions extends RequestOptions {
  readonly list?: boolean;
}

export async function run(
  machine: string,
  check: string | undefined,
  parameters: readonly string[],
  options: RunCommandOptions,
): Promise<void> {
  const given = splitParameters(parameters);
  if (check !== undefined && options.list !== true) {
    checkDiagnostic(check, Object.keys(given)); // before it costs a code and a session
  }
  using interruption = new Interruption();
  if ((check === undefined || options.list === true) && options.json !== true) {
    say('Only the machine knows its checks, so this asks for a session to list them.');
  }
  const { session } = await connectForTask(machine, options, SCOPES, interruption.signal);
  let outcome: ExitCode = EXIT.ok;
  try {
    const known = await session.listDiagnostics();
    if (check === undefined || options.list === true) {
      printList(known, options);
    } else {
      outcome = await runOne(session, find(known, check), given, options, interruption.signal);
    }
  } finally {
    const left = await leaveSession(session, options.json === true, '', { finished: !interruption.signal.aborted });
    process.exitCode = outcome === EXIT.ok ? left : outcome;
  }
}

/** `name=value` pairs. @throws UsageError */
function splitParameters(parameters: readonly string[]): Record<string, string> {
  const pairs = parameters.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) {
      throw new UsageError(`${JSON.stringify(text)} is not name=value`, 'for example host=printer.clinic.example');
    }
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

function find(known: readonly DiagnosticDescriptor[], check: string): DiagnosticDescriptor {
  const found = known.find(({ id }) => id === check);
  if (found !== undefined) {
    return found;
  }
  const ids = known.map(({ id }) => id);
  const word = nearest(check, ids);
  throw new UsageError(
    `the machine has no check ${JSON.stringify(check)}`,
    word === undefined ? `it has: ${ids.join(', ')}` : `did you mean "${word}"?`,
  );
}

function printList(known: readonly DiagnosticDescriptor[], options: RunCommandOptions): void {
  const rows = known.map(({ id, title, purpose, parameters }) => [
    id,
    parameters.map(({ name, required }) => (required ? `${name}=…` : `[${name}=…]`)).join(' '),
    title,
    purpose,
  ]);
  const columns = [{ title: 'Check' }, { title: 'Parameters' }, { title: 'Title' }, { title: 'What for' }];
  print(options, known, tableLines(columns, rows));
}

async function runOne(
  session: LiveSession,
  descriptor: DiagnosticDescriptor,
  given: Readonly<Record<string, string>>,
  { json = false }: RunCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  using progress = new ProgressLine();
  const onOutput = (output: DiagnosticOutput): void => {
    if (json) {
      printEvent({ event: 'output', ...output });
    } else if (output.kind === 'progress') {
      progress.show(output);
    } else {
      progress.clear();
      printOutput(output);
    }
  };
  const end = await session.runDiagnostic(descriptor.id, parseParameters(descriptor, given), { onOutput, signal });
  progress.clear();
  tellEnd(descriptor, end, json);
  return end.outcome === 'done' ? EXIT.ok : EXIT.failure;
}

function tellEnd({ id }: DiagnosticDescriptor, end: DiagnosticEnd, json: boolean): void {
  if (json) {
    printEvent({ event: 'end', ...end });
  } else {
    say(`${id}: ${end.outcome}: ${end.message}${end.truncated ? ' (cut at the limit)' : ''}`);
  }
}
