// Appends whole lines to a file and never leaves a torn one: what cannot be written whole is cut off again.

import { createHash } from 'node:crypto';
import type { RecordingFile } from './recording-file.ts';

const NEWLINE = 0x0a;

/** One append at a time. Knows the length and the SHA-256 of what stands in the file. */
export class LineWriter {
  readonly #file: RecordingFile;
  readonly #hash = createHash('sha256');
  #length = 0;
  #lines = 0;

  constructor(file: RecordingFile) {
    this.#file = file;
  }

  get length(): number {
    return this.#length;
  }

  get lines(): number {
    return this.#lines;
  }

  /**
   * @param data whole lines
   * @throws what the file throws; the file then ends with the last line that fitted
   */
  async append(data: Buffer): Promise<void> {
    let written = 0;
    try {
      while (written < data.length) {
        const count = await this.#file.write(data.subarray(written), this.#length + written);
        if (count <= 0) throw new Error('nothing was written');
        written += count;
      }
    } catch (error) {
      const whole = written === 0 ? 0 : data.lastIndexOf(NEWLINE, written - 1) + 1;
      // When even that fails a torn line stays: `repairRecording` cuts it, and length and hash do not count it.
      if (whole < written) await this.#file.truncate(this.#length + whole).catch(() => {});
      this.#count(data.subarray(0, whole));
      throw error;
    }
    this.#count(data);
  }

  /** Can be asked once, at the end. */
  digest(): string {
    return this.#hash.digest('hex');
  }

  #count(data: Buffer): void {
    this.#length += data.length;
    this.#hash.update(data);
    for (let at = data.indexOf(NEWLINE); at >= 0; at = data.indexOf(NEWLINE, at + 1)) this.#lines += 1;
  }
}
