// Signed notes and checkpoints: what is signed comes back, and nothing malformed gets through.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatTreeHead,
  parseCheckpoint,
  parseTreeHead,
  signCheckpoint,
  type TreeHead,
  verifyCheckpoint,
} from './checkpoint.ts';
import { LogFormatError, LogProofError } from './errors.ts';
import { EMPTY_ROOT } from './hashing.ts';
import { formatNote, type Note, parseNote, signNote, verifyNote } from './note.ts';
import { generateSignerKey, parseSignerKey, parseVerifierKey } from './note-keys.ts';

// The example of the signed-note specification itself.
const SPEC_NOTE = `Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
`;

const newKey = (name: string) => parseSignerKey(generateSignerKey(name).signerKey);
const alice = newKey('alice.example/log');
const bob = newKey('bob.example/witness');

/** A root in base64. */
function root64(): string {
  return Buffer.from(EMPTY_ROOT).toString('base64');
}

describe('note', () => {
  it('of the specification keeps its blank line inside the text', () => {
    const note = parseNote(SPEC_NOTE);
    expect(note.text.endsWith('raggio di sole:\n\ned è subito sera.\n')).toBe(true);
    expect(formatNote(note)).toBe(SPEC_NOTE);
  });

  it('carries several signatures; unknown ones are ignored, a wrong one of a known key rejects it', () => {
    const note = parseNote(signNote('hello\n', [alice, bob]));
    expect(verifyNote(note, [bob.verifier])).toEqual([bob.verifier]);
    expect(verifyNote(note, [alice.verifier, bob.verifier])).toHaveLength(2);
    const forged = { ...note, text: 'hullo\n' };
    expect(() => verifyNote(forged, [bob.verifier])).toThrow('signature of bob.example/witness is wrong');
    const [first, second] = note.signatures;
    if (first === undefined || second === undefined) throw new Error('two signatures were made');
    const half = { ...note, signatures: [first, { ...second, signature: first.signature }] };
    expect(() => verifyNote(half, [alice.verifier, bob.verifier])).toThrow(LogProofError);
    expect(verifyNote(half, [alice.verifier])).toEqual([alice.verifier]);
  });

  it('keeps the signatures of others when one is added', () => {
    const signed = parseNote(signNote('hello\n', [alice]));
    const both = parseNote(signNote(signed.text, [bob], signed.signatures));
    expect(verifyNote(both, [alice.verifier, bob.verifier])).toHaveLength(2);
  });

  it('with any text and any number of signers comes back as it was', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 }).filter((s) => !/[\x00-\x1f]/.test(s));
    fc.assert(
      fc.property(text, fc.array(fc.constantFrom(alice, bob), { minLength: 1, maxLength: 16 }), (line, signers) => {
        const written = signNote(`${line}\n\n${line}\n`, signers);
        const note = parseNote(Buffer.from(written));
        expect(note.text).toBe(`${line}\n\n${line}\n`);
        expect(note.signatures).toHaveLength(signers.length);
        expect(formatNote(note)).toBe(written);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['nothing', ''],
    ['no signatures', 'text\n\n'],
    ['no blank line', 'text\n— a b\n'],
    ['no last newline', SPEC_NOTE.slice(0, -1)],
    ['a hyphen for the dash', SPEC_NOTE.replace('— q', '- q')],
    ['a carriage return', SPEC_NOTE.replace('terra\n', 'terra\r\n')],
    ['two spaces', SPEC_NOTE.replace('— q', '—  q')],
    ['a no-break space in the name', SPEC_NOTE.replace('quasimodo', 'quasi\u00a0modo')],
    ['a plus in the name', SPEC_NOTE.replace('quasimodo', 'quasi+modo')],
    ['base64 of other spelling', SPEC_NOTE.replace('NtIc=', 'NtId=')],
    ['base64 without padding', SPEC_NOTE.replace('NtIc=', 'NtIc')],
    ['a signature of no bytes', 'text\n\n— name AAAAAA==\n'],
    ['65 signatures', `text\n\n${'— name AAAAAAA=\n'.repeat(65)}`],
    ['a lone surrogate', `\ud800${SPEC_NOTE}`],
    ['more than its limit', `${'x'.repeat(256 * 1024)}\n\n— name AAAAAAA=\n`],
  ])('with %s is refused', (_why, text) => {
    expect(() => parseNote(text)).toThrow(LogFormatError);
  });

  it('with bytes that are not UTF-8 is refused', () => {
    const bytes = Buffer.from(SPEC_NOTE);
    bytes[3] = 0xff;
    expect(() => parseNote(bytes)).toThrow('not UTF-8');
  });

  it('changed in any single byte is refused or no longer verifies', () => {
    const original = Buffer.from(signCheckpoint({ origin: 'alice.example/log', size: 3, root: EMPTY_ROOT }, alice));
    for (let at = 0; at < original.length; at += 1) {
      for (const flip of [0x01, 0x20, 0x80]) {
        const changed = Buffer.from(original);
        changed[at] = (changed[at] as number) ^ flip;
        const check = () => verifyCheckpoint(changed, [alice.verifier]);
        expect(check, `byte ${at} ^ ${flip}`).toThrow(/not a|no known key|is wrong/);
      }
      expect(() => verifyCheckpoint(original.subarray(0, at), [alice.verifier])).toThrow(LogFormatError);
    }
  });
});

describe('checkpoint', () => {
  const sign = (text: string) => signNote(text, [alice]);
  const root = root64();

  it('comes back as it was signed, with extension lines', () => {
    const head = { origin: 'a log', size: Number.MAX_SAFE_INTEGER, root: EMPTY_ROOT, extensions: ['one', 'two'] };
    expect(parseCheckpoint(signCheckpoint(head, alice))).toMatchObject({ ...head, root: Buffer.from(EMPTY_ROOT) });
  });

  it.each([
    ['a leading zero', `o\n01\n${root}\n`],
    ['a sign', `o\n+1\n${root}\n`],
    ['an exponent', `o\n1e3\n${root}\n`],
    ['a size beyond the safe integers', `o\n9007199254740993\n${root}\n`],
    ['a short root', `o\n1\nAAAA\n`],
    ['an empty origin', `\n1\n${root}\n`],
    ['an empty extension line', `o\n1\n${root}\n\n`],
    ['too few lines', 'o\n1\n'],
  ])('with %s is refused', (_why, text) => {
    expect(() => parseCheckpoint(sign(text))).toThrow('not a checkpoint');
  });
});

describe('any text', () => {
  const fragments = fc.array(
    fc.constantFrom('\n', '\n\n', '— ', 'name', ' ', 'AAAAAAA=', 'o', '0', '12', root64(), '\t', ' ', 'é', '=', '+'),
    { maxLength: 14 },
  );

  it('is refused as a note or written back as it was', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fragments.map((parts) => parts.join('')),
        ),
        (text) => {
          let note: Note;
          try {
            note = parseNote(text);
          } catch (error) {
            expect(error).toBeInstanceOf(LogFormatError);
            return;
          }
          accepted += 1;
          expect(formatNote(note)).toBe(text);
        },
      ),
      { numRuns: 3000, examples: [['text\n\n— name AAAAAAA=\n']] },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it('is refused as a tree head or written back as it was', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fragments, (parts) => {
        const text = parts.join('');
        let head: TreeHead;
        try {
          head = parseTreeHead(text);
        } catch (error) {
          expect(error).toBeInstanceOf(LogFormatError);
          return;
        }
        accepted += 1;
        expect(formatTreeHead(head)).toBe(text);
      }),
      { numRuns: 3000, examples: [[['o', '\n', '12', '\n', root64(), '\n', 'name', '\n']]] },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});

describe('keys', () => {
  it('survive being written down', () => {
    const { signerKey, verifierKey } = generateSignerKey('machine.example/482913077');
    const signer = parseSignerKey(signerKey);
    expect(signer.verifier.key).toBe(verifierKey);
    expect(parseVerifierKey(verifierKey).key).toBe(verifierKey);
    verifyNote(parseNote(signNote('x\n', [signer])), [parseVerifierKey(verifierKey)]);
  });

  it('with a changed character are refused, and the error never shows a private key', () => {
    const { signerKey, verifierKey } = generateSignerKey('name');
    for (const [text, parse] of [
      [signerKey.trimEnd(), parseSignerKey],
      [verifierKey, parseVerifierKey],
    ] as const) {
      for (let at = 0; at < text.length; at += 1) {
        const changed = `${text.slice(0, at)}${text[at] === 'B' ? 'C' : 'B'}${text.slice(at + 1)}`;
        expect(() => parse(changed), changed).toThrow(LogFormatError);
        expect(() => parse(text.slice(0, at))).toThrow(LogFormatError);
      }
    }
    expect(() => parseVerifierKey(signerKey)).toThrow(/^not a verifier key$/);
  });
});
