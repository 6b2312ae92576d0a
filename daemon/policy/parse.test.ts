// The policy is read strictly: whatever is not understood is an error with its place, never a silent default.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectivePolicy } from './effective.ts';
import { formatProblem } from './errors.ts';
import { parsePolicy } from './parse.ts';
import { effectiveScopes, type Policy, whyRefused } from './policy.ts';
import { ED25519, ED25519_FINGERPRINT, OTHER_ED25519, RSA_2048 } from './test-keys.ts';
import { writtenSettings } from './written.ts';

const technician = (fields: string): string => `technicians:\n  - { ${fields} }\n`;
const DANA = `name: Dana Roe, phone: "+1 555 0100", role: technician, key: "${ED25519} dana@clinic"`;

function problems(text: string): string[] {
  return (parsePolicy(text).problems ?? []).map((problem) => formatProblem('p.yaml', problem));
}

function policyOf(text: string): Policy {
  const { file } = parsePolicy(text);
  if (file === null) throw new Error(problems(text).join('\n'));
  return effectivePolicy({ machine: writtenSettings(file), organisation: { kind: 'none' } });
}

describe('a policy that says little', () => {
  it('gets a safe value for everything else', () => {
    expect(policyOf('machine: { name: desk }')).toMatchObject({
      machine: { name: 'desk', hipaa: true },
      listen: [{ host: '127.0.0.1', port: 2200 }],
      technicians: [],
      consent: { timeoutMs: 60_000, maxSessionMs: 7_200_000, allowPlainCode: false },
      shell: { program: '/bin/bash', sandbox: 'strict' },
      record: { input: false },
    });
  });

  it('may be empty', () => {
    expect(policyOf('').technicians).toEqual([]);
    expect(policyOf('# nothing yet\n').machine.name).not.toBe('');
  });
});

describe('listed technicians', () => {
  it('carry the fingerprint that ssh-keygen prints', () => {
    const [dana] = policyOf(technician(`${DANA}, organisation: Clinic IT`)).technicians;
    expect(dana?.key.fingerprint).toBe(ED25519_FINGERPRINT);
    expect(dana).toMatchObject({ name: 'Dana Roe', organisation: 'Clinic IT', key: { type: 'ssh-ed25519' } });
  });

  it('cannot share a key or a name', () => {
    const text = `${technician(DANA)}  - { ${DANA} }\n`;
    expect(problems(text)).toEqual([
      'p.yaml:3:13: technicians[1].name: technicians[0] already has this name (add what tells them apart)',
      expect.stringContaining('technicians[1].key: technicians[0] already has this key'),
    ]);
  });

  it('need a role that stands under scopes', () => {
    expect(problems(technician(DANA.replace('role: technician', 'role: technicain')))).toEqual([
      expect.stringContaining('no role "technicain" stands under scopes (did you mean "technician"?)'),
    ]);
  });

  it('are listed with all their problems, even when other parts are wrong too', () => {
    const text = `machine: { naem: x }\n${technician(DANA)}  - { ${DANA.replace(ED25519, OTHER_ED25519)} }\n`;
    expect(problems(text)).toHaveLength(2);
  });
});

describe('what is not understood', () => {
  it.each([
    ['machine: { naem: x }', 'p.yaml:1:12: machine.naem: this key is not known (did you mean "name"?)'],
    ['recrod: {}', 'p.yaml:1:1: recrod: this key is not known (did you mean "record"?)'],
    ['shell:\n  sandbox: stric', 'p.yaml:2:12: shell.sandbox: this value is not known (did you mean "strict"?)'],
    ['consent: { timeout: 5s }', 'p.yaml:1:21: consent.timeout: 5s is out of bounds (from 10s to 5m)'],
    ['consent: { timeout: 6m }', 'p.yaml:1:21: consent.timeout: 6m is out of bounds (from 10s to 5m)'],
    ['consent: { maxSession: 13h }', 'p.yaml:1:24: consent.maxSession: 13h is out of bounds (from 1m to 12h)'],
    ['consent: { timeout: 60 }', '(write a whole number and s, m, h or d, such as 10s)'],
    [
      'record: { maxSize: 4GB }',
      'p.yaml:1:20: record.maxSize: "4GB" is not a size (write a whole number and KiB, MiB, GiB or TiB, such as 1MiB)',
    ],
    ['record: { maxSize: 1.5GiB }', '"1.5GiB" is not a size'],
    ['record: { maxSize: 1048576 }', '1048576 is not a size'],
    ['record: { maxSize: 512KiB }', 'p.yaml:1:20: record.maxSize: 512KiB is out of bounds (from 1MiB to 1TiB)'],
    ['diagnostics: { refuse: "*" }', 'p.yaml:1:24: diagnostics.refuse: this should be a list'],
    [
      'diagnostics: { refuse: [disks, "[ab]*"] }',
      'p.yaml:1:32: diagnostics.refuse[1]: brackets, braces and ! mean nothing in a pattern (write one pattern for each;',
    ],
    ['diagnostics: { refuse: ["open ports"] }', 'a pattern is letters, digits and signs without spaces'],
    [
      'diagnostics: { refused: [disks] }',
      'p.yaml:1:16: diagnostics.refused: this key is not known (did you mean "refuse"?)',
    ],
    ['consent:', '(nothing stands behind it: write a value, or leave the line out)'],
    ['machine: { hipaa: "no" }', 'p.yaml:1:19: machine.hipaa: this should be true or false'],
    ['scopes: { technician: [shel] }', 'did you mean "shell"?'],
    ['scopes: { "Tech Nician": [shell] }', 'p.yaml:1:11: scopes.Tech Nician: a role is lower-case'],
    ['listen: ["127.0.0.1"]', '"127.0.0.1" is not an address with a port'],
    ['listen: [""]', 'is not an address with a port'],
    ['listen: [":2200"]', 'names no address to listen on'],
    ['listen: ["300.1.1.1:22"]', 'holds neither an IPv4 address nor a host name'],
    ['listen: ["[::zz]:22"]', 'holds no IPv6 address'],
    ['listen: ["::1:22"]', 'is not an address with a port'],
    ['listen: ["a:70000"]', 'has no possible port'],
    ['listen: ["a:1", "a:1"]', 'p.yaml:1:17: listen[1]: this is listed twice'],
    ['listen: []', 'the daemon needs an address to listen on'],
    ['shell: { program: bash }', 'the program must be a full path'],
    [
      'machine: { name: a, name: b }',
      'p.yaml:1:21: name stands here a second time (keep one of them; the first stands in line 1)',
    ],
    ['machine: {', 'p.yaml:1:11: '],
    ['a: 1\n---\nb: 2', 'multiple documents'],
    ['machine: !!js/function "x"', 'Unresolved tag'],
    ['- a', 'this should be a section with keys of its own'],
    ['<<: { machine: { name: x } }', 'this key is not known'],
    ['__proto__: { machine: { name: x } }', 'this key is not known'],
  ])('%j is refused with its place', (text, expected) => {
    expect(problems(text).join('\n')).toContain(expected);
  });

  it.each([
    ['listen: "192.168.100.200:2200"', ['p.yaml:1:9: listen: this should be a list']],
    ['technicians: text', ['p.yaml:1:14: technicians: this should be a list']],
    ['machine: { name: [a] }', ['p.yaml:1:18: machine.name: this should be text (put quotes round the value)']],
    ['scopes: { technician: shell }', ['p.yaml:1:23: scopes.technician: this should be a list']],
  ])('%j is told of once: of the kind, not of the size', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('tells of the first fault of the YAML only', () => {
    expect(problems('machine:\n name: a\n\thipaa: true\n  listen: [\n')).toEqual([
      expect.stringMatching(/^p\.yaml:3:1: .*\(use spaces in front of keys, never tabs\)$/),
    ]);
  });

  const whoami = `  - name: "Kim Park"\n    phone: "+1 555 0100"\n    role: technician\n    key: "${ED25519} kim"\n`;
  it.each([
    [
      'under a technicians: that is a comment',
      `listen: ["127.0.0.1:2200"]\n# technicians:\n${whoami}`,
      'p.yaml:3:3: these lines list a technician, and do not stand under "technicians:" (take the # away in front of technicians: in line 2)',
    ],
    [
      'after a section of keys',
      `machine:\n  name: desk\n#technicians:\n${whoami}`,
      'p.yaml:4:3: these lines list a technician, and do not stand under "technicians:" (take the # away in front of technicians: in line 3)',
    ],
    [
      'where YAML takes them for something else',
      `listen:\n  - "127.0.0.1:2200"\n# technicians:\n${whoami}`,
      'p.yaml:4:3: these lines list a technician, and do not stand under "technicians:" (take the # away in front of technicians: in line 3)',
    ],
    [
      'below an empty list',
      `technicians: []\n${whoami}`,
      'p.yaml:2:3: technicians ends with [], and a technician is listed below it (take the [] away in line 1: write technicians: and nothing behind it)',
    ],
    [
      'alone',
      whoami,
      'p.yaml:1:3: these lines list a technician, and do not stand under "technicians:" (write technicians: on a line of its own above them, at the very left)',
    ],
    [
      'a second time',
      `technicians: []\nmachine: { name: desk }\ntechnicians:\n${whoami}`,
      'p.yaml:3:1: technicians stands here a second time (keep one of them; the first stands in line 1)',
    ],
  ])('the lines of whoami, %s, give one problem that says what to do', (_, text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });

  it('the lines of whoami in the place of the empty list are well', () => {
    expect(problems(`machine: { name: desk }\ntechnicians:\n# our own\n${whoami}`)).toEqual([]);
  });

  it('says that typed input is not recorded yet, rather than not recording it in silence', () => {
    expect(problems('record: { input: true }').join()).toContain('not what is typed');
  });

  it.each([
    ['protect: { paths: [/srv/ehr] }', 'protect: this version cannot do', 'no program and no folder is hidden'],
    ['privacy: { tripwire: pause }', 'privacy: this version cannot do', 'nothing is hidden in what a session shows'],
    ['record: { retention: 6y }', 'record.retention: this version cannot do', 'somebody deletes them'],
    ['record: { custodians: [age1x] }', 'record.custodians: this version cannot do', 'plain files'],
    [
      'organisation: { hub: "wss://x" }',
      'organisation.hub: this version cannot do',
      'connect to this computer directly',
    ],
    ['shell: { network: false }', 'cannot keep a shell off the network', '(write true, or leave it out)'],
    ['files: { push: true }', 'this version moves no files', '(write false, or leave it out)'],
    ['screen: { module: on }', 'this version shows no screen', '(write off, or leave it out)'],
  ])('%j is refused, rather than promised and not kept', (text, message, truth) => {
    expect(problems(text).join()).toContain(message);
    expect(problems(text).join()).toContain(truth);
  });

  it('is listed completely, in the order of the file', () => {
    const found = problems('machine: { naem: x }\nlisten: [1]\nrecord: { input: 3, ouput: true }\n');
    expect(found.map((line) => line.split(': ')[0])).toEqual([
      'p.yaml:1:12',
      'p.yaml:2:10',
      'p.yaml:3:18',
      'p.yaml:3:21',
    ]);
  });

  it('cannot drive the terminal of whoever reads the error', () => {
    const [problem] = problems('"machine\\e]0;title\\a\\e[2J": 1');
    expect(problem).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });
});

describe('every input', () => {
  const fragment = fc.constantFrom(
    ...[
      'machine',
      'name',
      'listen',
      'technicians',
      'key',
      'scopes',
      'shell',
      ': ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
    ],
    ...[
      '&a ',
      '*a',
      '"',
      "'",
      '#',
      '|',
      '>',
      '!!map ',
      '? ',
      ED25519,
      RSA_2048,
      '60s',
      '\u0000',
      '\ufeff',
      '%YAML 1.1\n',
      '---',
    ],
  );

  it('gives a policy or problems with places, and never throws', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const { file, problems: found } = parsePolicy(text);
        if (found === null) expect(file.consent?.timeout ?? 60_000).toBeGreaterThanOrEqual(10_000);
        else {
          expect(found.length).toBeGreaterThan(0);
          for (const { line, column } of found) expect(Math.min(line ?? 0, column ?? 0)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['nesting', '['.repeat(50_000)],
    ['nesting in blocks', Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    [
      'aliases that unfold without end',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replace(/./g, (key, at: number) => `${key}: &${key} [${`*${'abcdefgh'[at]},`.repeat(9)}]\n`)}`,
    ],
  ])('bounds %s', (_, text) => {
    expect(problems(text).length).toBeGreaterThan(0);
  });
});

describe('what a role may ask for', () => {
  const policy = policyOf(
    'shell: { sandbox: off }\nscopes: { technician: [shell, diagnostics, shell.readonly], lead: [shell] }',
  );

  it('is what the policy lists and this version offers, least powerful first', () => {
    expect(effectiveScopes(policy, 'technician')).toEqual(['diagnostics', 'shell']);
    expect(effectiveScopes(policy, 'lead')).toEqual(['shell']);
  });

  it('is nothing for a role that nobody defined', () => {
    expect(effectiveScopes(policy, 'stranger')).toEqual([]);
    expect(effectiveScopes(policy, 'constructor')).toEqual([]);
  });

  it('has no shell while the policy asks for a sandbox that this version lacks', () => {
    const strict = policyOf('scopes: { technician: [diagnostics, shell] }');
    expect(effectiveScopes(strict, 'technician')).toEqual(['diagnostics']);
    expect(whyRefused(strict, 'technician', 'shell')).toMatch(/sandbox/);
    expect(whyRefused(strict, 'technician', 'diagnostics')).toBeNull();
    expect(whyRefused(policy, 'technician', 'shell.admin')).toMatch(/does not offer shell.admin/);
    expect(whyRefused(policy, 'lead', 'diagnostics')).toMatch(/does not give diagnostics/);
    const without = policyOf('scopes: { technician: [diagnostics] }');
    expect(whyRefused(without, 'technician', 'shell')).toMatch(/does not give shell/);
  });
});
