import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InputToken, InputTokens } from './input-tokens.ts';

const show = (tokens: readonly InputToken[]) =>
  tokens.map(({ kind, data }) => `${kind}:${JSON.stringify(data.toString())}`);
const read = (...chunks: string[]) => {
  const tokens = new InputTokens();
  const out = chunks.flatMap((chunk) => tokens.push(Buffer.from(chunk)));
  return show([...out, ...tokens.flush()]);
};

describe('what a terminal sends', () => {
  it('is cut into text, sequences and pastes', () => {
    expect(read('ab\x1b[Ac\x1bOP\x1bx\x1b[1;5C\x1b[[B\r')).toEqual([
      'text:"ab"',
      'sequence:"\\u001b[A"',
      'text:"c"',
      'sequence:"\\u001bOP"',
      'sequence:"\\u001bx"',
      'sequence:"\\u001b[1;5C"',
      'sequence:"\\u001b[[B"',
      'text:"\\r"',
    ]);
  });

  it('holds a lone ESC until it is clear that nothing follows', () => {
    const tokens = new InputTokens();
    expect(tokens.push(Buffer.from('\x1b'))).toEqual([]);
    expect(tokens.waiting).toBe(true);
    expect(show(tokens.flush())).toEqual(['sequence:"\\u001b"']);
    expect(tokens.waiting).toBe(false);
  });

  it('takes two ESC as two keys', () => {
    expect(read('\x1b\x1b[A')).toEqual(['sequence:"\\u001b"', 'sequence:"\\u001b[A"']);
  });

  it('does not wait forever for the end of nonsense', () => {
    expect(read(`\x1b[${'1'.repeat(100)}`)[0]).toMatch(/^sequence/);
  });

  it('keeps half a code point for the next chunk', () => {
    const tokens = new InputTokens();
    const bytes = Buffer.from('漢');
    expect(tokens.push(bytes.subarray(0, 2))).toEqual([]);
    expect(show(tokens.push(bytes.subarray(2)))).toEqual(['text:"漢"']);
  });
});

describe('a paste', () => {
  it('is one thing, whatever it contains', () => {
    expect(read('a\x1b[200~x\x1b[A\x1dy\x1b[201~b')).toEqual(['text:"a"', 'paste:"x\\u001b[A\\u001dy"', 'text:"b"']);
  });

  it('is handed on in pieces, marked first and last', () => {
    const tokens = new InputTokens();
    const pieces = ['\x1b[20', '0~ab', 'cd\x1b[2', '01~'].flatMap((chunk) => tokens.push(Buffer.from(chunk)));
    expect(pieces.map((token) => ({ ...token, data: token.data.toString() }))).toEqual([
      { kind: 'paste', data: 'ab', first: true, last: false },
      { kind: 'paste', data: 'cd', first: false, last: false },
      { kind: 'paste', data: '', first: false, last: true },
    ]);
  });

  it('that never ends is ended by silence, so that keys work again', () => {
    const tokens = new InputTokens();
    tokens.push(Buffer.from('\x1b[200~abc'));
    expect(tokens.waiting).toBe(true);
    tokens.flush();
    expect(show(tokens.push(Buffer.from('q')))).toEqual(['text:"q"']);
  });
});

describe('however the bytes are cut into chunks', () => {
  const parts = fc.array(
    fc.constantFrom('a', '漢', '\r', '\x1b[A', '\x1bOA', '\x1b[1;5C', '\x1bx', '\x1b[200~', '\x1b[201~', '\x1d', '👩'),
    { maxLength: 12 },
  );

  it('no byte is lost or invented', () => {
    fc.assert(
      fc.property(parts, fc.array(fc.integer({ min: 1, max: 5 })), (texts, cuts) => {
        const bytes = Buffer.from(texts.join(''));
        const tokens = new InputTokens();
        const out: InputToken[] = [];
        let at = 0;
        for (let step = 0; at < bytes.length; step += 1) {
          const length = cuts[step % Math.max(1, cuts.length)] ?? 1;
          out.push(...tokens.push(bytes.subarray(at, at + length)));
          at += length;
        }
        out.push(...tokens.flush());
        const marked = out.map((token) =>
          token.kind === 'paste'
            ? `${token.first ? '\x1b[200~' : ''}${token.data.toString('latin1')}${token.last ? '\x1b[201~' : ''}`
            : token.data.toString('latin1'),
        );
        // A paste whose end never came is closed by us.
        const expected = bytes.toString('latin1');
        expect([expected, `${expected}\x1b[201~`, `${expected}\x1b[200~\x1b[201~`]).toContain(marked.join(''));
      }),
      { numRuns: 2000 },
    );
  });
});
