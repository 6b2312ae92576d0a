// Sends what is typed either to the dashboard, key by key, or as raw bytes to the shell that has the keyboard.
// One key stays with Chaperone whatever the shell runs.

import { type InputToken, InputTokens } from './input-tokens.ts';
import { type Key, sequenceKey, textKey } from './keys.ts';

/**
 * The reserved key, Ctrl-]: telnet, virsh and machinectl leave with it, so hands know it; no shell or editor needs it
 * for anything vital; and it is one byte in every terminal and layout.
 */
export const LEAVE_KEY = 'ctrl+]';
export const LEAVE_BYTE = 0x1d;

const SILENCE_MS = 25; // after which a lone ESC is the Escape key: longer than a sequence takes, shorter than noticed
const PASTE_SILENCE_MS = 1000; // after which a paste without an end is taken as ended
const PASTE_LIMIT = 64 * 1024; // characters that a field of the dashboard takes at once

/** Where typed bytes go while a shell has the keyboard. */
export interface RawReceiver {
  /** Typed text or one key sequence, never the reserved key. */
  typed(bytes: Buffer): void;
  /** A piece of a paste; may contain any byte, the reserved one too. */
  pasted(bytes: Buffer, piece: { readonly first: boolean; readonly last: boolean }): void;
  /** The reserved key was pressed: the dashboard has the keyboard again. */
  left(): void;
}

export interface InputRouterOptions {
  /** One key for the dashboard. The next one follows in a later turn, when its effects are in place. */
  readonly onKey: (key: Key) => void;
}

export class InputRouter implements Disposable {
  readonly #options: InputRouterOptions;
  readonly #tokens = new InputTokens();
  #queue: InputToken[] = [];
  #receiver: RawReceiver | null = null;
  #paste = '';
  #turn: NodeJS.Immediate | null = null;
  #silence: NodeJS.Timeout | null = null;

  constructor(options: InputRouterOptions) {
    this.#options = options;
  }

  /** Gives the keyboard to a shell, or (null) back to the dashboard. Keys not yet handled go to the new owner. */
  give(receiver: RawReceiver | null): void {
    this.#receiver = receiver;
  }

  push(chunk: Uint8Array): void {
    this.#queue.push(...this.#tokens.push(chunk));
    this.#watchSilence();
    if (this.#turn === null) this.#drain();
  }

  /** Nothing more comes: what looked like the start of a sequence is one by itself. */
  flush(): void {
    this.#queue.push(...this.#tokens.flush());
    if (this.#turn === null) this.#drain();
  }

  [Symbol.dispose](): void {
    if (this.#turn !== null) clearImmediate(this.#turn);
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#turn = null;
    this.#queue = [];
    this.#receiver = null;
  }

  #watchSilence(): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = null;
    if (!this.#tokens.waiting) return;
    this.#silence = setTimeout(() => this.flush(), this.#tokens.pasting ? PASTE_SILENCE_MS : SILENCE_MS);
  }

  /** Shell bytes go at once; after a key for the dashboard its effects come first, so who owns the rest may change. */
  #drain(): void {
    this.#turn = null;
    for (let token = this.#queue.shift(); token !== undefined; token = this.#queue.shift()) {
      if (this.#receiver !== null) {
        this.#toShell(token, this.#receiver);
        continue;
      }
      const key = this.#dashboardKey(token);
      if (key === null) continue;
      this.#options.onKey(key);
      this.#turn = setImmediate(() => this.#drain());
      return;
    }
  }

  /** The first key of a token; the rest of it goes back to the head of the queue. */
  #dashboardKey(token: InputToken): Key | null {
    if (token.kind === 'sequence') return sequenceKey(token.data.toString('latin1'));
    if (token.kind === 'text') {
      const character = String.fromCodePoint(token.data.toString().codePointAt(0) ?? 0);
      this.#putBack(token.data.subarray(Buffer.byteLength(character)));
      return textKey(character);
    }
    if (token.first) this.#paste = '';
    if (this.#paste.length < PASTE_LIMIT) this.#paste += token.data.toString();
    return token.last ? { name: 'paste', text: this.#paste.slice(0, PASTE_LIMIT) } : null;
  }

  #putBack(data: Buffer): void {
    if (data.length > 0) this.#queue.unshift({ kind: 'text', data });
  }

  #toShell(token: InputToken, receiver: RawReceiver): void {
    if (token.kind === 'paste') {
      receiver.pasted(token.data, token);
      return;
    }
    const leave = token.kind === 'text' ? token.data.indexOf(LEAVE_BYTE) : -1;
    if (leave === -1) {
      receiver.typed(token.data);
      return;
    }
    if (leave > 0) receiver.typed(token.data.subarray(0, leave));
    this.#putBack(token.data.subarray(leave + 1));
    this.#receiver = null;
    receiver.left();
  }
}
