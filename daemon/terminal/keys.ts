// Turns what a terminal sends into keys with names. Knows only the keys that the local user's screens use.

export type Key =
  /** One printable character as typed. */
  | { readonly name: 'text'; readonly text: string }
  /** Text that the terminal says was pasted and not typed; one line. */
  | { readonly name: 'paste'; readonly text: string }
  | { readonly name: NamedKey };

export type NamedKey =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'tab'
  | 'back-tab'
  | 'enter'
  | 'escape'
  | 'backspace'
  | 'page-up'
  | 'page-down'
  | 'home'
  | 'end'
  | 'ctrl-c'
  | 'ctrl-d'
  | 'ctrl-l'
  | 'other';

const SEQUENCE_MAX = 64; // characters; longer is no key, and memory must not grow with it
const PASTE_MAX = 2000; // characters; a chat line holds no more
const PASTE_BEGIN = '\x1b[200~';
const PASTE_END = '\x1b[201~';

/** ECMA-48 control sequence or a single shift: what follows ESC when a key sends more than one character. */
const SEQUENCE = /^\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^[O\x1b])/;

const SEQUENCES: Readonly<Record<string, NamedKey>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  Z: 'back-tab',
  H: 'home',
  F: 'end',
  '1~': 'home',
  '4~': 'end',
  '5~': 'page-up',
  '6~': 'page-down',
  M: 'enter', // keypad
};

const CONTROLS: Readonly<Record<string, NamedKey>> = {
  '\t': 'tab',
  '\r': 'enter',
  '\n': 'enter',
  '\x03': 'ctrl-c',
  '\x04': 'ctrl-d',
  '\x0c': 'ctrl-l',
  '\b': 'backspace',
  '\x7f': 'backspace',
};

/** Keeps what is incomplete until the rest comes; `flush` after a short silence turns a lone ESC into the key. */
export class KeyReader {
  #rest = '';

  /** True when an ESC waits for what may follow it. */
  get pending(): boolean {
    return this.#rest !== '' && !this.#rest.startsWith(PASTE_BEGIN);
  }

  push(chunk: string): Key[] {
    let text = this.#rest + chunk;
    this.#rest = '';
    const keys: Key[] = [];
    while (text !== '') {
      if (text.startsWith(PASTE_BEGIN)) {
        const end = text.indexOf(PASTE_END);
        if (end === -1) {
          // The tail may hold the beginning of the end mark; what lies beyond the limit in between is dropped.
          this.#rest = PASTE_BEGIN + text.slice(PASTE_BEGIN.length).slice(0, PASTE_MAX) + overlong(text);
          return keys;
        }
        keys.push({ name: 'paste', text: text.slice(PASTE_BEGIN.length, end).slice(0, PASTE_MAX) });
        text = text.slice(end + PASTE_END.length);
        continue;
      }
      if (text.startsWith('\x1b')) {
        const found = SEQUENCE.exec(text)?.[0];
        if (found === undefined) {
          if (text.startsWith('\x1b\x1b')) {
            keys.push({ name: 'escape' });
            text = text.slice(1);
            continue;
          }
          if (text.length < SEQUENCE_MAX) this.#rest = text;
          return keys;
        }
        keys.push({ name: SEQUENCES[found.slice(2)] ?? 'other' });
        text = text.slice(found.length);
        continue;
      }
      const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
      text = text.slice(character.length);
      const control = CONTROLS[character];
      if (control !== undefined) keys.push({ name: control });
      else keys.push(/^\p{Cc}$/u.test(character) ? { name: 'other' } : { name: 'text', text: character });
    }
    return keys;
  }

  /** Nothing more came: ESC alone was the key. */
  flush(): Key[] {
    if (!this.pending) return [];
    const alone = this.#rest === '\x1b';
    this.#rest = '';
    return [{ name: alone ? 'escape' : 'other' }];
  }
}

/** What of an unfinished paste beyond the limit may still matter: a beginning of the end mark. */
function overlong(text: string): string {
  if (text.length <= PASTE_BEGIN.length + PASTE_MAX) return '';
  return text.slice(Math.max(PASTE_BEGIN.length + PASTE_MAX, text.length - PASTE_END.length + 1));
}
