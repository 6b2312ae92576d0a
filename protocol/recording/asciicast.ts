// The lines of an asciicast v2 file (docs.asciinema.org/manual/asciicast/v2).

import { escapeInto, MAX_EXPANSION } from './json-escape.ts';

export interface AsciicastHeader {
  readonly cols: number;
  readonly rows: number;
  readonly title?: string;
  readonly startedAt: Date;
  /** Value of TERM. */
  readonly term?: string | undefined;
}

const MS = 1000;
const TIME_DIGITS = 6; // microseconds, as asciinema writes
/** At most so many bytes of a line are not its text: time, code, brackets. */
export const FRAME = 64;

/** First line of a file. */
export function headerLine(header: AsciicastHeader): string {
  const env = header.term === undefined ? {} : { env: { TERM: header.term } };
  const timestamp = Math.floor(header.startedAt.getTime() / MS);
  const { cols, rows, title } = header;
  return `${JSON.stringify({ version: 2, width: cols, height: rows, timestamp, title, ...env })}\n`;
}

export function resizeLine(atMs: number, cols: number, rows: number): string {
  return `${start(atMs, 'r')}"${cols}x${rows}"]\n`;
}

export function markerLine(atMs: number, text: string): string {
  return `${start(atMs, 'm')}${JSON.stringify(text)}]\n`;
}

function start(atMs: number, code: 'o' | 'r' | 'm'): string {
  return `[${(atMs / MS).toFixed(TIME_DIGITS)}, "${code}", `;
}

/** Gathers lines as bytes. Its memory is used again: copy what `bytes` returns before the next line. */
export class LineBuffer {
  #bytes: Buffer;
  #view: DataView;
  #length = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Adds a whole line. */
  text(line: string): void {
    this.#reserve(Buffer.byteLength(line));
    this.#write(line);
  }

  /** Adds an output event, or nothing when there is no text. @param utf8 pieces of valid UTF-8, whole characters */
  output(atMs: number, utf8: readonly Buffer[]): void {
    const length = utf8.reduce((sum, piece) => sum + piece.length, 0);
    if (length === 0) return;
    this.#reserve(length * MAX_EXPANSION + FRAME);
    this.#write(`${start(atMs, 'o')}"`);
    for (const piece of utf8) this.#length = escapeInto(piece, this.#bytes, this.#view, this.#length);
    this.#write('"]\n');
  }

  #write(text: string): void {
    this.#length += this.#bytes.write(text, this.#length);
  }

  #reserve(room: number): void {
    if (this.#length + room <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#length + room, this.#bytes.length * 2));
    this.bytes.copy(bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
