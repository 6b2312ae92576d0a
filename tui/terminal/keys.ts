// Names of keys, as bindings spell them: `a`, `?`, `enter`, `shift+tab`, `ctrl+]`, `alt+x`, `pageup`, `f1`.

/** One press of a key, or a paste (`name` is then `paste`). */
export interface Key {
  readonly name: string;
  /** What it would put into a text field; empty for keys that type nothing. */
  readonly text: string;
}

const CONTROLS = new Map<number, string>([
  [0x00, 'ctrl+space'],
  [0x08, 'backspace'],
  [0x09, 'tab'],
  [0x0a, 'enter'],
  [0x0d, 'enter'],
  [0x1b, 'esc'],
  [0x1c, 'ctrl+\\'],
  [0x1d, 'ctrl+]'],
  [0x1e, 'ctrl+^'],
  [0x1f, 'ctrl+_'],
  [0x7f, 'backspace'],
]);

/** Final letters of CSI and SS3. */
const LETTERS = new Map<string, string>([
  ['A', 'up'],
  ['B', 'down'],
  ['C', 'right'],
  ['D', 'left'],
  ['F', 'end'],
  ['H', 'home'],
  ['P', 'f1'],
  ['Q', 'f2'],
  ['R', 'f3'],
  ['S', 'f4'],
]);

/** `CSI n ~` of VT220 and its heirs. */
const NUMBERS = new Map<string, string>([
  ['1', 'home'],
  ['2', 'insert'],
  ['3', 'delete'],
  ['4', 'end'],
  ['5', 'pageup'],
  ['6', 'pagedown'],
  ['7', 'home'],
  ['8', 'end'],
  ['11', 'f1'],
  ['12', 'f2'],
  ['13', 'f3'],
  ['14', 'f4'],
  ['15', 'f5'],
]);

/** The key of one code point of text. */
export function textKey(character: string): Key {
  const code = character.codePointAt(0) ?? 0;
  const control = CONTROLS.get(code);
  if (control !== undefined) return { name: control, text: '' };
  if (code < 0x20) return { name: `ctrl+${String.fromCharCode(code + 0x60)}`, text: '' };
  return { name: character === ' ' ? 'space' : character, text: character };
}

/** The key of an escape sequence, or null when it stands for none that has a name here. */
export function sequenceKey(sequence: string): Key | null {
  const name = sequenceName(sequence);
  return name === null ? null : { name, text: '' };
}

function sequenceName(sequence: string): string | null {
  if (sequence === '\x1b') return 'esc';
  if (sequence === '\x1b[Z') return 'shift+tab';
  const letter = /^\x1b(?:O|\[(?:1;(\d+))?)([A-HP-S])$/.exec(sequence);
  if (letter !== null) return modified(LETTERS.get(letter[2] ?? ''), letter[1]);
  const number = /^\x1b\[(\d+)(?:;(\d+))?~$/.exec(sequence);
  if (number !== null) return modified(NUMBERS.get(number[1] ?? ''), number[2]);
  const console = /^\x1b\[\[([A-E])$/.exec(sequence);
  if (console !== null) return `f${(console[1] ?? 'A').charCodeAt(0) - 0x40}`;
  return sequence.length === 2 ? `alt+${textKey(sequence.slice(1)).name}` : null;
}

/** xterm sends 1 + shift + 2 × alt + 4 × ctrl. */
function modified(name: string | undefined, modifiers: string | undefined): string | null {
  if (name === undefined) return null;
  const bits = Number(modifiers ?? '1') - 1;
  return `${bits & 4 ? 'ctrl+' : ''}${bits & 2 ? 'alt+' : ''}${bits & 1 ? 'shift+' : ''}${name}`;
}
