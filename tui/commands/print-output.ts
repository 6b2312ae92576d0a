// Output of a health check on a terminal or in a file.

import type { DiagnosticOutput } from '../../protocol/diagnostics.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { colourless, unstyled } from '../../protocol/terminal/sgr.ts';
import { outputRows } from '../dashboard/diagnostic-rows.ts';
import { bytesInWords } from '../records/amounts.ts';
import { wantsColour } from '../terminal/capabilities.ts';

const FILE_COLS = 400; // cells; in a file nothing has to fit a screen
const ERASE = '\r\x1b[K';

/** Tables, facts, text and samples on standard output; colours only where somebody sees them. */
export function printOutput(output: DiagnosticOutput): void {
  const tty = process.stdout.isTTY === true;
  const rows =
    output.kind === 'sample' ? [sampleLine(output)] : outputRows(output, tty ? process.stdout.columns : FILE_COLS);
  const dress = !tty ? unstyled : wantsColour(process.env) ? (row: string) => row : colourless;
  process.stdout.write(rows.map((row) => `${dress(row).trimEnd()}\n`).join(''));
}

type Sample = Extract<DiagnosticOutput, { kind: 'sample' }>;

function sampleLine({ time, cpu, memory, disk, network }: Sample): string {
  const percent = Math.round((100 * memory.used) / Math.max(1, memory.total));
  return [
    new Date(time).toISOString(),
    `cpu ${Math.round(cpu.total)} %`,
    `memory ${percent} %`,
    `disk ${bytesInWords(disk.readPerSecond)}/s read, ${bytesInWords(disk.writtenPerSecond)}/s written`,
    `network ${bytesInWords(network.receivedPerSecond)}/s in, ${bytesInWords(network.sentPerSecond)}/s out`,
  ].join('  ');
}

/** How far a check is, on standard error, where it can be redrawn. */
export class ProgressLine implements Disposable {
  #shown = false;

  show({ text, fraction }: Extract<DiagnosticOutput, { kind: 'progress' }>): void {
    if (process.stderr.isTTY === true) {
      this.#shown = true;
      const part = fraction === undefined ? '' : ` ${Math.round(fraction * 100)} %`;
      process.stderr.write(`${ERASE}${sanitiseLine(`${text}${part}`, Math.max(20, process.stderr.columns - 1))}`);
    }
  }

  clear(): void {
    if (this.#shown) {
      this.#shown = false;
      process.stderr.write(ERASE);
    }
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
