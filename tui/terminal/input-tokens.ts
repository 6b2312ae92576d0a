// Cuts what a terminal sends into keys, sequences and pastes, wherever the chunks happen to end.

const ESC = 0x1b;
const PASTE_START = '\x1b[200~';
const PASTE_END = Buffer.from('\x1b[201~');
const MAX_SEQUENCE = 32; // bytes; the longest key sequence in use has 12, so more is no key

/**
 * `text`: whole code points without ESC (controls such as Enter are among them). `sequence`: one ESC sequence, or a
 * lone ESC. `paste`: a piece of pasted bytes; its first and last piece may be the same and may be empty.
 */
export type InputToken =
  | { readonly kind: 'text'; readonly data: Buffer }
  | { readonly kind: 'sequence'; readonly data: Buffer }
  | { readonly kind: 'paste'; readonly data: Buffer; readonly first: boolean; readonly last: boolean };

/** Feed it chunks; call `flush` when nothing came for a moment, since a lone ESC is also the start of a sequence. */
export class InputTokens {
  #held: Buffer = Buffer.alloc(0);
  #paste: 'no' | 'starting' | 'going on' = 'no';

  /** Whether bytes are held back, or a paste has not ended: after a silence, `flush` is due. */
  get waiting(): boolean {
    return this.#held.length > 0 || this.#paste !== 'no';
  }

  get pasting(): boolean {
    return this.#paste !== 'no';
  }

  push(chunk: Uint8Array): InputToken[] {
    let rest: Buffer = this.#held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#held, chunk]);
    this.#held = Buffer.alloc(0);
    const tokens: InputToken[] = [];
    while (rest.length > 0) {
      const taken = this.#paste === 'no' ? this.#takeKeys(rest, tokens) : this.#takePaste(rest, tokens);
      if (taken === 0) {
        this.#held = Buffer.from(rest);
        break;
      }
      rest = rest.subarray(taken);
    }
    return tokens;
  }

  /** Gives out what was held back, as it is, and ends a paste whose end never came. */
  flush(): InputToken[] {
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    if (this.#paste !== 'no') return [this.#pastePiece(held, true)];
    if (held.length === 0) return [];
    return [{ kind: held[0] === ESC ? 'sequence' : 'text', data: held }];
  }

  /** Bytes consumed of `rest`; 0 when more must come first. */
  #takeKeys(rest: Buffer, tokens: InputToken[]): number {
    const next = rest.indexOf(ESC);
    if (next !== 0) {
      const end = wholeCodePoints(next === -1 ? rest : rest.subarray(0, next), next !== -1);
      if (end > 0) tokens.push({ kind: 'text', data: rest.subarray(0, end) });
      return end;
    }
    const end = endOfKeySequence(rest);
    if (end === 0) return 0;
    const data = rest.subarray(0, end);
    if (data.toString('latin1') === PASTE_START) this.#paste = 'starting';
    else tokens.push({ kind: 'sequence', data });
    return end;
  }

  #takePaste(rest: Buffer, tokens: InputToken[]): number {
    const end = rest.indexOf(PASTE_END);
    if (end !== -1) {
      tokens.push(this.#pastePiece(rest.subarray(0, end), true));
      return end + PASTE_END.length;
    }
    // The tail may be the first half of the end mark.
    const safe = rest.length - endMarkPrefix(rest);
    if (safe > 0) tokens.push(this.#pastePiece(rest.subarray(0, safe), false));
    return safe;
  }

  #pastePiece(data: Buffer, last: boolean): InputToken {
    const first = this.#paste === 'starting';
    this.#paste = last ? 'no' : 'going on';
    return { kind: 'paste', data, first, last };
  }
}

/** Length of the key sequence at the start of `bytes` (which is ESC), or 0 when it is not complete. */
function endOfKeySequence(bytes: Buffer): number {
  const second = bytes[1];
  if (second === undefined) return 0;
  if (second === ESC) return 1;
  if (second === 0x4f) return bytes.length > 2 ? 3 : 0; // SS3: ESC O and one letter
  if (second !== 0x5b) return 2; // Alt and a key
  for (let index = 2; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === 0x5b && index === 2) continue; // the Linux console's F1–F5: ESC [ [ A
    if (byte === ESC) return index;
    if ((byte >= 0x40 && byte <= 0x7e) || index >= MAX_SEQUENCE) return index + 1;
  }
  return 0;
}

/** How much of `bytes` is whole UTF-8; an unfinished end is left for later unless nothing of it can follow. */
function wholeCodePoints(bytes: Buffer, complete: boolean): number {
  if (complete) return bytes.length;
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

function endMarkPrefix(bytes: Buffer): number {
  for (let length = Math.min(PASTE_END.length - 1, bytes.length); length > 0; length -= 1) {
    if (bytes.subarray(bytes.length - length).equals(PASTE_END.subarray(0, length))) return length;
  }
  return 0;
}
