// Promise 2: an organisation can narrow what the machine's policy allows, and never widen it, for every key.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../protocol/scopes.ts';
import { effectivePolicy, type Layers, settle } from './effective.ts';
import { effectiveScopes } from './policy.ts';
import { PublicKeyLine } from './public-key.ts';
import {
  type RoleScopes,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type Settings,
  type WrittenSettings,
} from './settings.ts';
import { ED25519, OTHER_ED25519 } from './test-keys.ts';

const key = fc.constantFrom(...[ED25519, OTHER_ED25519].map((line) => PublicKeyLine.parse(line)));
const role = fc.constantFrom('technician', 'lead', 'guest');
const roleScopes: fc.Arbitrary<RoleScopes> = fc.dictionary(role, fc.subarray([...SCOPES]), { maxKeys: 3 });
const word = fc.constantFrom('front-desk', 'Clinic IT', '/bin/sh');

interface KeyCase<V> {
  readonly values: fc.Arbitrary<V>;
  /** Whether `a` permits no more than `b`: written here a second time, apart from the rule that it judges. */
  permitsNoMore(a: V, b: V): boolean;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const machineOnly = <V>(values: fc.Arbitrary<V>): KeyCase<V> => ({ values, permitsNoMore: same });
const time: KeyCase<number> = { values: fc.integer({ min: 1, max: 50_000 }), permitsNoMore: (a, b) => a <= b };

/** A key that is added to the policy without a case here does not compile. */
const CASES: { readonly [K in SettingKey]: KeyCase<Settings[K]> } = {
  'machine.name': machineOnly(word),
  'machine.hipaa': { values: fc.boolean(), permitsNoMore: (a, b) => a || !b },
  listen: machineOnly(fc.array(fc.record({ host: word, port: fc.nat(100) }), { minLength: 1, maxLength: 2 })),
  technicians: machineOnly(
    fc.array(fc.record({ name: word, phone: word, role, organisation: fc.constant(null), key }), { maxLength: 2 }),
  ),
  'organisation.name': machineOnly(fc.option(word)),
  'organisation.ca': machineOnly(fc.array(key, { maxLength: 2 })),
  'organisation.revocations': machineOnly(fc.array(word, { maxLength: 2 })),
  'organisation.policy': machineOnly(fc.option(word)),
  'organisation.policySigner': machineOnly(fc.array(key, { maxLength: 2 })),
  scopes: {
    values: roleScopes,
    permitsNoMore: (a, b) =>
      Object.entries(a).every(([name, scopes]) => scopes.every((scope) => b[name]?.includes(scope) ?? false)),
  },
  'consent.timeout': time,
  'consent.maxSession': time,
  'consent.pauseWhenAway': time,
  'consent.allowPlainCode': { values: fc.boolean(), permitsNoMore: (a, b) => !a || b },
  'shell.program': machineOnly(word),
  'shell.sandbox': {
    values: fc.constantFrom('strict', 'off'),
    permitsNoMore: (a, b) => a === 'strict' || b === 'off',
  },
  'shell.network': machineOnly(fc.constant(true)),
  'diagnostics.refuse': {
    values: fc.subarray(['*', 'open-*', 'logged-in-users', 'd?sks']),
    permitsNoMore: (a, b) => b.every((glob) => a.includes(glob)),
  },
  'record.input': machineOnly(fc.constant(false)),
  'record.maxSize': time,
  'files.push': machineOnly(fc.constant(false)),
  'files.pull': machineOnly(fc.constant(false)),
  'screen.module': machineOnly(fc.constant('off')),
};

const written: fc.Arbitrary<WrittenSettings> = fc.record(
  Object.fromEntries(
    SETTING_KEYS.map((name) => [name, fc.option(CASES[name].values as fc.Arbitrary<unknown>, { nil: undefined })]),
  ),
) as fc.Arbitrary<WrittenSettings>;

const alone = (machine: WrittenSettings): Layers => ({ machine, organisation: { kind: 'none' } });
const under = (machine: WrittenSettings, settings: WrittenSettings): Layers => ({
  machine,
  organisation: { kind: 'present', settings },
});

describe('promise 2: an organisation never widens', () => {
  const holds = <K extends SettingKey>(name: K, machine: WrittenSettings, organisation: WrittenSettings) => {
    const before = settle(alone(machine))[name].value;
    const after = settle(under(machine, organisation))[name].value;
    return CASES[name].permitsNoMore(after, before);
  };

  it.each(SETTING_KEYS)('%s', (name) => {
    fc.assert(fc.property(written, written, (machine, organisation) => holds(name, machine, organisation)));
  });

  it('what a role may ask for', () => {
    fc.assert(
      fc.property(written, written, role, (machine, organisation, name) => {
        const before = effectiveScopes(effectivePolicy(alone(machine)), name);
        const after = effectiveScopes(effectivePolicy(under(machine, organisation)), name);
        return after.every((scope) => before.includes(scope));
      }),
    );
  });
});

describe('the layers', () => {
  it('are idempotent: the same organisation twice changes nothing more', () => {
    fc.assert(
      fc.property(written, written, (machine, organisation) => {
        const once = settle(under(machine, organisation));
        const values = Object.fromEntries(SETTING_KEYS.map((name) => [name, once[name].value])) as WrittenSettings;
        const twice = settle(under(values, organisation));
        for (const name of SETTING_KEYS) expect(twice[name].value).toEqual(once[name].value);
      }),
    );
  });

  it('name who set each key', () => {
    const { layer: times } = settle(under({ 'consent.timeout': 60_000 }, { 'consent.timeout': 30_000 }))[
      'consent.timeout'
    ];
    expect(times).toBe('organisation');
    const settled = settle(under({ 'shell.sandbox': 'off' }, { 'consent.maxSession': 60_000 }));
    expect(settled['shell.sandbox']).toMatchObject({ value: 'off', layer: 'machine', overruled: false });
    expect(settled['consent.maxSession']).toMatchObject({ value: 60_000, layer: 'organisation' });
    expect(settled.listen.layer).toBe('built-in');
  });

  it('say where the organisation asked for more than it gets', () => {
    const settled = settle(
      under(
        { 'consent.timeout': 30_000, scopes: { lead: ['shell'] } },
        {
          'consent.timeout': 60_000,
          'shell.program': '/bin/evil',
          scopes: { lead: ['shell', 'shell.admin'] },
        },
      ),
    );
    expect(settled['consent.timeout']).toMatchObject({ value: 30_000, layer: 'machine', overruled: true });
    expect(settled['shell.program']).toMatchObject({ value: '/bin/bash', layer: 'built-in', overruled: true });
    expect(settled.scopes).toMatchObject({ value: { lead: ['shell'] }, layer: 'machine', overruled: true });
  });

  it('give a role that the organisation leaves out nothing', () => {
    const policy = effectivePolicy(under({}, { scopes: { lead: ['diagnostics'] } }));
    expect(policy.scopes).toEqual({ technician: [], lead: ['diagnostics'] });
  });

  it('close the machine while its organisation’s policy cannot be had (promise 10)', () => {
    fc.assert(
      fc.property(written, role, (machine, name) => {
        const policy = effectivePolicy({ machine, organisation: { kind: 'unavailable', reason: 'it is not signed' } });
        expect(policy.closed).toBe('it is not signed');
        expect(effectiveScopes(policy, name)).toEqual([]);
      }),
    );
  });
});

it('every rule has words, and the built-in values need no file', () => {
  for (const name of SETTING_KEYS) {
    const shown: string = (SETTINGS[name].show as (value: unknown) => string)(SETTINGS[name].builtIn());
    expect(shown).not.toBe('');
    expect(SETTINGS[name].narrowing?.how ?? 'x').not.toMatch(/\.$/);
  }
});
