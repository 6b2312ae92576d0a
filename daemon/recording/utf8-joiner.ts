// Makes valid UTF-8 of a byte stream that is cut anywhere: characters are joined, what is no UTF-8 becomes U+FFFD.

import { isUtf8 } from 'node:buffer';

const EMPTY = Buffer.alloc(0);

/** Keeps at most three bytes between calls. */
export class Utf8Joiner {
  #tail: Buffer = EMPTY;

  /** @returns valid UTF-8, without a character that is still incomplete; may be `bytes` itself */
  push(bytes: Buffer): Buffer {
    const all = this.#tail.length === 0 ? bytes : Buffer.concat([this.#tail, bytes]);
    const cut = all.length - unfinished(all);
    this.#tail = cut === all.length ? EMPTY : Buffer.from(all.subarray(cut));
    return repair(all.subarray(0, cut));
  }

  /** @returns what is left when nothing more comes: empty, or U+FFFD */
  end(): Buffer {
    const rest = repair(this.#tail);
    this.#tail = EMPTY;
    return rest;
  }
}

function repair(bytes: Buffer): Buffer {
  return isUtf8(bytes) ? bytes : Buffer.from(bytes.toString('utf8'), 'utf8');
}

/** How many bytes at the end begin a character that may still be completed (RFC 3629). */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? back : 0;
    }
  }
  return 0; // four continuation bytes in a row: not UTF-8, nothing to wait for
}
