import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_FIELDS, EVENTS } from './catalogue.ts';
import { BadLeaf, leafOrderCheck, newBodyKey, openBody, readHeader, sealLeaf } from './envelope.ts';

const SESSION = '0198c0de-0000-7000-8000-000000000001';
const header = (seq: number, time = '2026-03-01T10:00:00.000Z') => ({ seq, time, session: SESSION, actor: null });
const key = newBodyKey();

describe('a leaf of the audit log', () => {
  it('shows order, time, kind and session, and nothing that was said', () => {
    const entry = sealLeaf(header(3), 'chat.message', { from: 'technician', text: 'Mrs. Doe, MRN 123' }, key);
    expect(Buffer.from(entry).toString()).not.toContain('Doe');
    expect(readHeader(entry)).toEqual({ v: 1, type: 'chat.message', ...header(3) });
    expect(openBody(entry, key)).toEqual({ from: 'technician', text: 'Mrs. Doe, MRN 123' });
  });

  it('does not open with another key', () => {
    const entry = sealLeaf(header(0), 'note.added', { text: 'x' }, key);
    expect(() => openBody(entry, newBodyKey())).toThrow(BadLeaf);
  });

  it('is refused when its body or the key is cut short', () => {
    const whole = Buffer.from(sealLeaf(header(0), 'note.added', { text: 'x' }, key)).toString();
    const cut = Buffer.from(whole.replace(/"body":"[^"]*"/, '"body":"AAAA"'));
    expect(() => openBody(cut, key)).toThrow(BadLeaf);
    expect(() => openBody(Buffer.from(whole), key.subarray(0, 16))).toThrow(BadLeaf);
  });

  it('refuses fields that the catalogue does not know', () => {
    expect(() => sealLeaf(header(0), 'note.added', { text: 'x'.repeat(5000) }, key)).toThrow(/note.added/);
  });

  it('never crashes on bytes from outside', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => readHeader(bytes)).toThrow(BadLeaf);
      }),
    );
  });

  it('is refused with any byte of it flipped, or reads as something else that is well-formed', () => {
    const entry = sealLeaf(header(0), 'note.added', { text: 'flip me' }, key);
    for (let index = 0; index < entry.length; index += 1) {
      const flipped = Uint8Array.from(entry);
      flipped[index] = (flipped[index] ?? 0) ^ 1;
      try {
        openBody(flipped, key);
        expect(readHeader(flipped)).not.toEqual(readHeader(entry)); // the clear header: the tree covers it
      } catch (error) {
        expect(error).toBeInstanceOf(BadLeaf);
      }
    }
  });
});

describe('the order of leaves', () => {
  it('accepts numbers without a gap and times that stand still or go on', () => {
    const check = leafOrderCheck();
    expect(check(sealLeaf(header(0), 'note.added', { text: 'a' }, key), 0)).toBeNull();
    expect(check(sealLeaf(header(1), 'note.added', { text: 'b' }, key), 1)).toBeNull();
  });

  it('names a leaf that is back-dated', () => {
    const check = leafOrderCheck();
    check(sealLeaf(header(0, '2026-03-01T10:00:00.000Z'), 'note.added', { text: 'a' }, key), 0);
    expect(check(sealLeaf(header(1, '2026-03-01T09:59:59.999Z'), 'note.added', { text: 'b' }, key), 1)).toContain(
      'before the leaf in front',
    );
  });

  it('names a leaf that stands in another place than it says', () => {
    expect(leafOrderCheck()(sealLeaf(header(5), 'note.added', { text: 'a' }, key), 4)).toBe('says it is leaf 5');
  });
});

describe('the event catalogue', () => {
  it('has words for every event and fields for every word', () => {
    expect(Object.keys(EVENTS).sort()).toEqual(Object.keys(EVENT_FIELDS).sort());
    for (const { meaning } of Object.values(EVENTS)) {
      expect(meaning).toMatch(/^[a-z].*[^.]$/);
    }
  });
});
