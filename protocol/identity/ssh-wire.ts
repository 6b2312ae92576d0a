// The data types of RFC 4251 §5, read with bounds and written: everything of SSH that is parsed here goes through this.

import { ChaperoneError, EXIT } from '../errors.ts';

/** The bytes are not what they say they are. */
export class WireError extends ChaperoneError {
  constructor(message: string, cause?: unknown) {
    super(message, { exitCode: EXIT.verification, cause, hint: 'make it again, or copy it again: it is damaged' });
  }
}

const LENGTH_SIZE = 4; // bytes of the length in front of each string

/** Reads from front to back; every method throws {@link WireError} rather than reading beyond the end. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  bytes(count: number): Buffer {
    if (count > this.#bytes.length - this.#at) {
      throw new WireError('it ends too early');
    }
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  byte(): number {
    return this.bytes(1).readUInt8();
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE();
  }

  uint64(): bigint {
    return this.bytes(8).readBigUInt64BE();
  }

  /** @param max bytes, without the length in front */
  string(max: number): Buffer {
    const length = this.uint32();
    if (length > max) {
      throw new WireError(`a part of it is too long (${length} bytes, at most ${max})`);
    }
    return this.bytes(length);
  }

  /** A string that holds text: UTF-8 without NUL. */
  text(max: number): string {
    const bytes = this.string(max);
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw new WireError('a text in it is not UTF-8', cause);
    }
    if (text.includes('\0')) {
      throw new WireError('a text in it holds a NUL');
    }
    return text;
  }

  /** A positive integer without needless zero bytes; its significant bytes, at most `max`. */
  positiveInteger(max: number): Buffer {
    const bytes = this.string(max + 1);
    const [first = 0, second = 0] = bytes;
    if (bytes.length === 0 || first > 0x7f || (first === 0 && second < 0x80)) {
      throw new WireError('a number in it is zero, negative or not written in the one right way');
    }
    const significant = first === 0 ? bytes.subarray(1) : bytes;
    if (significant.length > max) {
      throw new WireError('a number in it is too large');
    }
    return significant;
  }

  /** All strings up to the end, one after the other, at most `count`. */
  *texts(count: number, max: number): Generator<string, void, undefined> {
    for (let read = 0; !this.done; read += 1) {
      if (read === count) {
        throw new WireError(`it lists more than ${count}`);
      }
      yield this.text(max);
    }
  }

  /** Throws when something is left. */
  end(): void {
    if (!this.done) {
      throw new WireError('something follows its end');
    }
  }
}

/** Strings and bytes in the order in which they are put. */
export class WireWriter {
  readonly #parts: Buffer[] = [];

  /** As they are, without a length. */
  raw(bytes: Uint8Array | string): this {
    this.#parts.push(Buffer.from(bytes));
    return this;
  }

  uint32(value: number): this {
    const bytes = Buffer.alloc(LENGTH_SIZE);
    bytes.writeUInt32BE(value);
    return this.raw(bytes);
  }

  uint64(value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(value);
    return this.raw(bytes);
  }

  string(value: Uint8Array | string): this {
    const bytes = Buffer.from(value);
    return this.uint32(bytes.length).raw(bytes);
  }

  /** A positive integer from its big-endian bytes. */
  positiveInteger(bytes: Uint8Array): this {
    const first = bytes.findIndex((byte) => byte !== 0);
    const significant = first === -1 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(first));
    return this.string((significant[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), significant]) : significant);
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Strict base64: one text for the same bytes, or null. */
export function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}
