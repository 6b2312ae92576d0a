// What a technician types becomes harmless values or a sentence that helps.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParameterError, parseParameters } from './diagnostic-parameters.ts';
import type { DiagnosticParameter } from './diagnostics.ts';

const base = { title: 'T', hint: 'the hint', required: false };
const parameters: DiagnosticParameter[] = [
  { ...base, kind: 'hostname', name: 'host' },
  { ...base, kind: 'integer', name: 'port', min: 1, max: 65_535, default: 443 },
  { ...base, kind: 'choice', name: 'since', choices: ['1h', 'yesterday'] },
  { ...base, kind: 'text', name: 'note', maxLength: 10 },
];
const descriptor = { id: 'probe', parameters };
const parse = (input: Record<string, unknown>) => parseParameters(descriptor, input);

function refusal(input: Record<string, unknown>): ParameterError {
  try {
    parse(input);
  } catch (error) {
    if (error instanceof ParameterError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(input)}`);
}

describe('typed parameters', () => {
  it('come from text or numbers, with defaults, and leave out what is optional', () => {
    expect(parse({})).toEqual({ port: 443 });
    expect(parse({ host: 'Printer.Clinic.Example.', port: '80', since: '1h', note: 'a b' })).toEqual({
      host: 'printer.clinic.example',
      port: 80,
      since: '1h',
      note: 'a b',
    });
    expect(parse({ host: '', port: '' })).toEqual({ port: 443 });
  });

  it('name the one that is missing', () => {
    const required: DiagnosticParameter[] = [{ ...base, kind: 'hostname', name: 'host', required: true }];
    expect(() => parseParameters({ id: 'probe', parameters: required }, {})).toThrow('the parameter "host" is missing');
  });

  it('suggest the name that was meant', () => {
    expect(refusal({ hots: 'a' })).toMatchObject({ parameter: 'hots', hint: 'did you mean "host"?' });
    expect(refusal({ PORT: 1 })).toMatchObject({ hint: 'did you mean "port"?' });
    expect(refusal({ colour: 1 })).toMatchObject({ hint: '"probe" takes: host, port, since, note' });
    expect(refusal({ since: 'yesterdya' }).hint).toContain('did you mean "yesterday"?');
    expect(() => parseParameters({ id: 'plain', parameters: [] }, { x: 1 })).toThrow('"plain" has no parameter "x"');
  });

  it.each([
    ['0', 'from 1 to 65535'],
    ['65536', 'from 1 to 65535'],
    ['1.5', 'whole number'],
    ['0x50', 'whole number'],
    ['80; rm', 'whole number'],
    [' 80', 'whole number'],
    [Number.NaN, 'whole number'],
    [1e300, 'whole number'],
    [{}, 'text or a number'],
  ])('refuse the port %j', (port, words) => {
    expect(refusal({ port })).toMatchObject({ parameter: 'port', message: expect.stringContaining(words) });
  });

  it.each(['constructor', '__proto__', 'toString'])('know no parameter called %s', (name) => {
    expect(() => parse(JSON.parse(`{"${name}": "x"}`))).toThrow(ParameterError);
  });

  it('are only those that were given, not what an object inherits', () => {
    expect(parse(Object.create({ host: 'inherited' }))).toEqual({ port: 443 });
  });

  it('keep text within its length and free of options and controls', () => {
    expect(refusal({ note: 'x'.repeat(11) }).message).toContain('longer than 10');
    expect(refusal({ note: '-rf' }).message).toContain('"-"');
    for (const note of ['a\nb', 'a\0b', 'a\u001bb', 'a\u202eb', 'a\u2028b']) {
      expect(refusal({ note }).message).toContain('cannot be printed');
    }
  });
});

describe('a host', () => {
  it.each([
    '-oProxyCommand=reboot',
    '--help',
    '-',
    '$(reboot)',
    '`reboot`',
    'a;rm -rf /',
    '; rm',
    'a|b',
    'a&b',
    'a b',
    'a\nb',
    'a\0b',
    'a\u001b[2Jb',
    'a\u202eb',
    'a\u200bb',
    "a'b",
    'a"b',
    '*',
    '.',
    'a..b',
    '.a',
    'a-.b',
    '-a.b',
    'a.-b',
    'https://a.example',
    'a.example/x',
    'a.example:80',
    '[::1]',
    '1.2.3',
    '256.1.1.1',
    '2130706433',
    '0x7f000001',
    'a.0x1',
    'a%eth0',
    'x'.repeat(64),
    `${'a.'.repeat(127)}a`,
    'x'.repeat(10_000),
    '－oProxyCommand', // a full-width hyphen becomes an ordinary one
    'ａ；ｂ',
    '\ud800',
  ])('is refused when it is %j', (host) => {
    expect(refusal({ host }).parameter).toBe('host');
    expect(refusal({ host }).message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('that would be an option is refused with the reason', () => {
    expect(refusal({ host: '-oProxyCommand=reboot' })).toMatchObject({ hint: 'a host name does not start with "-"' });
  });

  it.each([
    ['printer', 'printer'],
    ['PRINTER.example', 'printer.example'],
    ['front_desk.local', 'front_desk.local'],
    ['192.0.2.7', '192.0.2.7'],
    ['2001:DB8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['münchen.example', 'xn--mnchen-3ya.example'],
    ['１２７.0.0.1', '127.0.0.1'],
  ])('%s is asked for as %s', (host, asked) => expect(parse({ host })).toMatchObject({ host: asked }));

  it('can never become an option, a second word or a command, whatever was typed', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({
        unit: fc.constantFrom('a', '-', '.', ':', '%', '0', 'x', '\n', ' ', '$', '；', 'ß', '－'),
        maxLength: 20,
      }),
      fc.domain(),
      fc.ipV6(),
    );
    fc.assert(
      fc.property(typed, (host) => {
        let parsed: Record<string, string | number>;
        try {
          parsed = parse({ host });
        } catch (error) {
          expect(error).toBeInstanceOf(ParameterError);
          return;
        }
        if (host === '') return;
        expect(parsed.host).toMatch(/^[a-z0-9_:][a-z0-9_.:%-]{0,253}$/);
        expect(parse(parsed)).toEqual(parsed);
      }),
      { numRuns: 500 },
    );
  });
});
