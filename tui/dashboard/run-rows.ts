// How a running or finished diagnostic looks.

import type { DiagnosticDescriptor } from '../../protocol/diagnostics.ts';
import { fitCells } from '../../protocol/terminal/sgr.ts';
import { type Meaning, paint } from '../theme.ts';
import { outputRows } from './diagnostic-rows.ts';
import type { RunState } from './session/diagnostic-run.ts';
import { wrapWords } from './wrap-words.ts';

const BAR_CELLS = 20;

const OUTCOMES: Readonly<Record<string, readonly [words: string, meaning: Meaning]>> = {
  done: ['Done', 'good'],
  failed: ['Failed', 'danger'],
  cancelled: ['Cancelled', 'warning'],
  timeout: ['Took too long', 'warning'],
};

/** All of it, to be scrolled. */
export function runRows({ title }: DiagnosticDescriptor, run: RunState, cols: number): string[] {
  const tables = run.outputs.flatMap((output, index) => [...(index === 0 ? [] : ['']), ...outputRows(output, cols)]);
  return [...stateRows(title, run, cols), '', ...tables];
}

function stateRows(title: string, { end, progress }: RunState, cols: number): string[] {
  if (end !== null) {
    const [words, meaning] = OUTCOMES[end.outcome] ?? ['Ended', 'warning'];
    const cut = end.truncated ? ' Something was left out to stay within the limits.' : '';
    return wrapWords(`${title} · ${words}: ${end.message}${cut}`, cols - 2).map((line) => paint(meaning, ` ${line}`));
  }
  const words = paint('accent', fitCells(` ${title} · ${progress?.words ?? 'running…'}`, cols));
  const fraction = progress?.fraction ?? null;
  return fraction === null ? [words] : [words, fitCells(` ${progressBar(fraction)}`, cols)];
}

/** `████░░░░  40 %` */
export function progressBar(fraction: number): string {
  const full = Math.round(Math.max(0, Math.min(1, fraction)) * BAR_CELLS);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${Math.round(fraction * 100)} %`;
}

/** What a diagnostic is for, before it runs. */
export function descriptorRows(descriptor: DiagnosticDescriptor, cols: number): string[] {
  const risk = descriptor.risk === 'none' ? 'Only reads on this machine.' : 'Also sends something to the network.';
  return [
    paint('title', fitCells(` ${descriptor.title}`, cols)),
    ...wrapWords(descriptor.purpose, cols - 2).map((line) => ` ${line}`),
    paint('muted', fitCells(` ${risk}`, cols)),
  ];
}
