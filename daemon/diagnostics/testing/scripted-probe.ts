// A machine out of a table, for tests: its files, links, mounts and programs say what the test wants.

import type { DiagnosticEnd, DiagnosticOutput } from '../../../protocol/diagnostics.ts';
import { ProgramMissing } from '../../run/program-errors.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { FileSystemUsage, Probe, ProgramAnswer } from '../probe.ts';
import { runDiagnostic } from '../runner.ts';

export interface ScriptedMachine {
  /** Path → text. Folders exist by what is in them. */
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly usage?: Readonly<Record<string, FileSystemUsage>>;
  /** Undefined: the program is not installed. */
  readonly program?: (argv: readonly string[]) => Partial<ProgramAnswer> | undefined;
  /** Called at each pause, to let time pass on the machine. */
  readonly onPause?: (files: Record<string, string>) => void;
}

export interface ScriptedProbe extends Probe {
  readonly ran: (readonly string[])[];
}

export function scriptedProbe(machine: ScriptedMachine): ScriptedProbe {
  const files: Record<string, string> = { ...machine.files };
  const links = machine.links ?? {};
  const ran: (readonly string[])[] = [];
  return {
    ran,
    async run(argv) {
      ran.push(argv);
      const answer = machine.program?.(argv);
      if (answer === undefined) throw new ProgramMissing(argv[0]);
      return { code: 0, out: '', err: '', ...answer };
    },
    readText: async (path, maxBytes = Number.POSITIVE_INFINITY) => files[path]?.slice(0, maxBytes),
    readTail: async (path, maxBytes) => files[path]?.slice(-maxBytes),
    async list(path) {
      const below = [...Object.keys(files), ...Object.keys(links)].filter((name) => name.startsWith(`${path}/`));
      return [...new Set(below.flatMap((name) => name.slice(path.length + 1).split('/')[0] ?? []))].sort();
    },
    link: async (path) => links[path],
    modified: async (path) =>
      Object.keys(files).some((name) => name === path || name.startsWith(`${path}/`)) ? 0 : undefined,
    usage: async (path) => machine.usage?.[path],
    pause: async () => machine.onPause?.(files),
  };
}

export interface Played {
  readonly outputs: readonly DiagnosticOutput[];
  readonly end: DiagnosticEnd;
  readonly ran: readonly (readonly string[])[];
  /** Everything that was said, as one text to search in. */
  readonly said: string;
}

/** Runs a diagnostic through the real runner on a scripted machine. */
export async function play(
  diagnostic: Diagnostic,
  machine: ScriptedMachine,
  input: Readonly<Record<string, unknown>> = {},
): Promise<Played> {
  const outputs: DiagnosticOutput[] = [];
  const probe = scriptedProbe(machine);
  const end = await runDiagnostic(diagnostic, input, {
    signal: new AbortController().signal,
    emit: (output) => {
      outputs.push(output);
    },
    probe: () => probe,
    platform: 'linux',
  });
  return { outputs, end, ran: probe.ran, said: JSON.stringify([outputs, end]) };
}

/** The rows of the table whose title begins like this. */
export function rowsOf(played: Played, title: string) {
  const table = played.outputs.find((output) => output.kind === 'table' && output.title.startsWith(title));
  return table?.kind === 'table' ? table.rows : undefined;
}

/** The value of one fact. */
export function factOf(played: Played, label: string) {
  for (const output of played.outputs) {
    const item = output.kind === 'facts' ? output.items.find((one) => one.label === label) : undefined;
    if (item !== undefined) return item;
  }
  return undefined;
}
