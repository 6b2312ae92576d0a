// Cuts a byte stream into lines with a limit on each, so that a peer cannot make us buffer without end.

import { ChaperoneError } from './errors.ts';

/** Bytes of one line without its newline. A diagnostic's largest chunk of output fits, several would not. */
export const MAX_LINE = 256 * 1024;

const NEWLINE = 0x0a;
const FIRST_BUFFER = 1024; // bytes; most messages are shorter

/** A line is longer than the limit. The stream cannot be read on: close it. */
export class LineTooLong extends ChaperoneError {
  constructor(limit: number) {
    super(`a line is longer than ${limit} bytes`, {
      hint: 'the other side speaks another protocol or a newer version',
    });
  }
}

/** A line is not UTF-8. The stream cannot be trusted further: close it. */
export class LineNotText extends ChaperoneError {
  constructor(cause?: unknown) {
    super('a line is not valid UTF-8', { hint: 'the other side speaks another protocol', cause });
  }
}

/**
 * Bytes in, lines out. Lines end in LF (a CR before it stays); empty lines are skipped. However the bytes are cut into
 * chunks, the lines are the same. After an error every further `push` throws the same error.
 */
export class LineDecoder {
  readonly #limit: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #unfinished: Buffer = Buffer.allocUnsafe(0);
  #length = 0;
  #failure: ChaperoneError | undefined;

  /** @param limit bytes of one line without its newline @default MAX_LINE */
  constructor(limit: number = MAX_LINE) {
    this.#limit = limit;
  }

  /** Bytes of the line that has not ended yet; not 0 at the end of the stream means that it was cut off. */
  get pending(): number {
    return this.#length;
  }

  /**
   * @throws {LineTooLong}
   * @throws {LineNotText}
   */
  push(chunk: Buffer): string[] {
    if (this.#failure !== undefined) throw this.#failure;
    const lines: string[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      const part = chunk.subarray(start, end === -1 ? chunk.length : end);
      if (this.#length + part.length > this.#limit) throw this.#fail(new LineTooLong(this.#limit));
      if (end === -1) {
        this.#keep(part);
        return lines;
      }
      const line = this.#finish(part);
      if (line !== '') lines.push(line);
      start = end + 1;
    }
  }

  #finish(part: Buffer): string {
    let bytes = part;
    if (this.#length > 0) {
      this.#keep(part);
      bytes = this.#unfinished.subarray(0, this.#length);
      this.#length = 0;
    }
    try {
      return this.#decoder.decode(bytes);
    } catch (error) {
      throw this.#fail(new LineNotText(error));
    }
  }

  /** Copies, so that no larger chunk is held for its last bytes. Doubles up to the limit, so many small parts are cheap. */
  #keep(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > this.#unfinished.length) {
      const size = Math.min(this.#limit, Math.max(FIRST_BUFFER, length, this.#unfinished.length * 2));
      const larger = Buffer.allocUnsafe(size);
      this.#unfinished.copy(larger, 0, 0, this.#length);
      this.#unfinished = larger;
    }
    part.copy(this.#unfinished, this.#length);
    this.#length = length;
  }

  #fail(error: ChaperoneError): ChaperoneError {
    this.#failure = error;
    this.#unfinished = Buffer.allocUnsafe(0);
    this.#length = 0;
    return error;
  }
}

/**
 * One JSON value as a line with its newline.
 *
 * @throws {LineTooLong} before anything is sent, so that the peer need not refuse it
 */
export function encodeLine(value: object, limit: number = MAX_LINE): Buffer {
  const line = Buffer.from(`${JSON.stringify(value)}\n`);
  if (line.length - 1 > limit) throw new LineTooLong(limit);
  return line;
}
