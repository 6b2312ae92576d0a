import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitiseLine, sanitiseText } from './sanitise.ts';

/** Written out again, apart from the code under test: nothing of this may ever come out. */
const FORBIDDEN: readonly (readonly [number, number])[] = [
  [0, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x600, 0x605],
  [0x61c, 0x61c],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xfffe, 0xffff],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0x1f3fb, 0x1f3ff],
  [0xe0000, 0xe0fff],
];

function forbidden(text: string): string[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0)
    .filter((code) => FORBIDDEN.some(([from, to]) => code >= from && code <= to))
    .map((code) => `U+${code.toString(16)}`);
}

/** Strings dense in what an attacker would send. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('\x1b', '\x1b[', '\x1b]', '\x1bP', '\x1b\\', '\x9b', '\x9d', '\x9c', '\x07', '\x18', '\x7f'),
      fc.constantFrom('0;', '1', 'm', 'H', '?', '$', ' ', 'k', 'O', 'N', '\\', '\r', '\n', '\t', '\b', '\0', '\x85'),
      fc.constantFrom('\u202e', '\u2066', '\u200d', '\u200b', '\ufe0f', '\u{e0041}', '\u2028', '\ud83d', '\udc69'),
      fc.constantFrom('\u0301', '\u0338', '\u20dd', '\u1161', 'e', 'ä', '漢', '👩', '🏽', '\u{f0000}', '\ufffe'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

const plain = fc.string({
  unit: fc.constantFrom(
    ...'abz AZ09~!_-/.:;[]{}\\',
    'ä',
    'é',
    'ß',
    'Ж',
    'א',
    'ع',
    '漢',
    '字',
    '한',
    '👩',
    '│',
    '…',
    '\ue0b0',
    'e\u0301',
  ),
});

describe('nothing that a peer sends can drive the reader’s terminal', () => {
  it('lets no forbidden code point through, whatever comes in', () => {
    fc.assert(
      fc.property(hostile, fc.nat(80), (text, limit) => {
        expect(forbidden(sanitiseLine(text, limit))).toEqual([]);
        const lines = sanitiseText(text, { maxLength: limit, maxLines: 3 });
        expect(forbidden(lines.replaceAll('\n', ''))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('lets no forbidden code point through: all of them, one by one', () => {
    for (let code = 0; code <= 0xfffff; code += 1) {
      if (code === 0x40000) code = 0xe0000; // no plane between has a character
      const found = forbidden(sanitiseLine(`a${String.fromCodePoint(code)}`, 9));
      if (found.length > 0) expect.fail(`${found} came through`);
    }
  });

  it('keeps to the limits and changes nothing the second time', () => {
    fc.assert(
      fc.property(hostile, fc.nat(80), fc.integer({ min: 1, max: 4 }), (text, maxLength, maxLines) => {
        const line = sanitiseLine(text, maxLength);
        expect([...line].length).toBeLessThanOrEqual(maxLength);
        expect(sanitiseLine(line, maxLength)).toBe(line);
        const lines = sanitiseText(text, { maxLength, maxLines });
        expect([...lines].length).toBeLessThanOrEqual(maxLength);
        expect(lines.replace(/\n$/, '').split('\n').length).toBeLessThanOrEqual(maxLines);
        expect(sanitiseText(lines, { maxLength, maxLines })).toBe(lines);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves plain text as it is', () => {
    fc.assert(fc.property(plain, (text) => sanitiseLine(text) === text));
    expect(sanitiseText('one\ntwo\n\nthree\n')).toBe('one\ntwo\n\nthree\n');
  });
});

describe('an escape sequence goes as a whole', () => {
  const cases: Record<string, string> = {
    SGR: '\x1b[1;31m',
    'SGR with colons': '\x1b[38:2::1:2:3m',
    'private mode': '\x1b[?1049h',
    'cursor move with intermediate': '\x1b[1 q',
    'CSI with C0 inside': '\x1b[\x003\x071m',
    'CSI aborted by CAN': '\x1b[31\x18',
    'CSI restarted by ESC': '\x1b[31\x1b[32m',
    'title ended by BEL': '\x1b]0;owned\x07',
    'title ended by ST': '\x1b]2;owned\x1b\\',
    'title ended by C1 ST': '\x1b]2;owned\x9c',
    clipboard: '\x1b]52;c;cm0gLXJmIC8=\x07',
    hyperlink: '\x1b]8;;https://example.com\x1b\\',
    'tmux title': '\x1bkowned\x1b\\',
    DCS: '\x1bP$qm\x1b\\',
    'tmux passthrough': '\x1bPtmux;\x1b\x1b]0;owned\x07\x1b\\',
    APC: '\x1b_Ga=T;AAAA\x1b\\',
    PM: '\x1b^secret\x1b\\',
    SOS: '\x1bXsecret\x1b\\',
    SS3: '\x1bOP',
    SS2: '\x1bNx',
    charset: '\x1b(0',
    'double height': '\x1b#8',
    'UTF-8 off': '\x1b%@',
    reset: '\x1bc',
    'ESC twice': '\x1b\x1b[2J',
    'ESC, control, bracket': '\x1b\x01[2J',
    'C1 CSI': '\x9b2J',
    'C1 OSC': '\x9d0;owned\x9c',
    'C1 DCS': '\x90q#0\x9c',
    'C1 APC': '\x9fx\x9c',
    'C1 NEL-free single': '\x84',
    'DEL inside': '\x1b[\x7f31m',
  };
  for (const [name, payload] of Object.entries(cases)) {
    it(name, () => expect(sanitiseLine(`a${payload}b`)).toBe('ab'));
  }

  it('an unterminated one hides its own line and no other', () => {
    expect(sanitiseLine('name\x1b]0;rest of the name')).toBe('name');
    expect(sanitiseLine('name\x1b[12')).toBe('name');
    expect(sanitiseLine('name\x1b')).toBe('name');
    expect(sanitiseText('one\x1b]0;hidden\ntwo\x1bP\r\nthree\x9b3\nfour')).toBe('one\ntwo\nthree\nfour');
    expect(sanitiseText('a\x1bP\u2028b\x1b[\x85c')).toBe('a\nb\nc');
  });

  it('does not swallow text after a letter of another script', () => {
    expect(sanitiseLine('a\x1bäb')).toBe('aäb');
    expect(sanitiseLine('a\x1b[3äb')).toBe('aäb');
  });
});

describe('text that deceives', () => {
  it('cannot reorder with bidi controls', () => {
    expect(sanitiseLine('invoice\u202efdp.exe')).toBe('invoicefdp.exe');
    expect(sanitiseLine('\u2066a\u2069\u200f\u061cb')).toBe('ab');
  });

  it('cannot hide letters: zero-width, tags, variation selectors, fillers', () => {
    expect(sanitiseLine('ro\u200bo\u2060t\ufeff')).toBe('root');
    expect(sanitiseLine(`a${'\u{e0041}'.repeat(50)}${'\ufe0f'.repeat(50)}${'\u{e0101}'.repeat(50)}b`)).toBe('ab');
    expect(sanitiseLine('a\u3164\u115f\uffa0b')).toBe('ab');
  });

  it('has one width on every terminal: emoji come apart at their joiners and lose modifiers', () => {
    expect(sanitiseLine('👩\u200d⚕\ufe0f 👍🏽 ❤\ufe0f')).toBe('👩⚕ 👍 ❤');
  });

  it('cannot stack marks over other rows, nor put one onto our own text', () => {
    expect(sanitiseLine(`e${'\u0301'.repeat(100)}x`)).toBe(`e${'\u0301'.repeat(4)}x`);
    expect(sanitiseLine('\u0338\u20ddname')).toBe('name');
    expect(sanitiseText('a\n\u0338b')).toBe('a\nb');
    expect(sanitiseLine('\u1112\u1161\u11ab')).toBe('\u1112\u1161\u11ab');
  });

  it('shows that something was unreadable', () => {
    expect(sanitiseLine('a\ud800b\udfffc\uffffd\u{1fffe}')).toBe('a\ufffdb\ufffdc\ufffdd\ufffd');
  });
});

describe('lines and limits', () => {
  it('turns breaks and tabs into spaces, CR LF into one', () => {
    expect(sanitiseLine('a\r\nb\nc\rd\te\u2028f\u0085g')).toBe('a b c d e f g');
    expect(sanitiseText('a\r\nb\rc\vd\fe\u2029f\tg')).toBe('a\nb\nc\nd\ne\nf g');
    expect(sanitiseLine('man\bn')).toBe('mann');
  });

  it('cuts with an ellipsis, in code points', () => {
    expect(sanitiseLine('abcdef', 6)).toBe('abcdef');
    expect(sanitiseLine('abcdefg', 6)).toBe('abcde…');
    expect(sanitiseLine('漢字漢字', 3)).toBe('漢字…');
    expect(sanitiseLine('👩👩👩', 2)).toBe('👩…');
    expect(sanitiseLine('abc', 1)).toBe('…');
    expect(sanitiseLine('abc', 0)).toBe('');
    expect(sanitiseLine('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`);
    expect(sanitiseLine('abc\x1b[0m\u200b', 3)).toBe('abc');
    expect(sanitiseText('a\nb\nc\nd', { maxLines: 2 })).toBe('a\nb…');
    expect(sanitiseText('a\nb\n', { maxLines: 2 })).toBe('a\nb\n');
  });

  it('is linear: a megabyte of openers is no trouble', () => {
    for (const unit of ['\x1b', '\x1b[', '\x1b]', '\x1bP', '\x1b[0', '\x9b', '\u0301', '\u200d', '\x1b\x01']) {
      const flood = unit.repeat(1_000_000 / unit.length);
      expect(sanitiseLine(flood)).toBe('');
    }
  });
});
