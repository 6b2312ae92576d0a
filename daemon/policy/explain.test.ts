// `policy explain` says for each key who made it so, and what was asked for and not given.

import { describe, expect, it } from 'vitest';
import { explainPolicy } from './explain.ts';
import { SETTING_KEYS } from './settings.ts';

const explained = explainPolicy({
  machine: { 'consent.timeout': 90_000, 'shell.sandbox': 'off', scopes: { lead: ['diagnostics', 'shell'] } },
  organisation: {
    kind: 'present',
    settings: {
      'consent.timeout': 120_000,
      'shell.program': '/bin/sh',
      'consent.maxSession': 1_800_000,
      scopes: { lead: ['shell', 'shell.admin'] },
    },
  },
});
const at = (key: string) => explained.find((each) => each.key === key);

describe('each key', () => {
  it('is there', () => {
    expect(explained.map(({ key }) => key)).toEqual(SETTING_KEYS);
  });

  it('that nobody wrote is built in', () => {
    expect(at('machine.hipaa')).toMatchObject({ value: 'true', layer: 'built-in', why: 'no file says anything else' });
  });

  it('that the machine decides names it', () => {
    expect(at('shell.sandbox')).toMatchObject({ value: 'off', layer: 'machine' });
  });

  it('that the organisation narrows says from what, and how', () => {
    expect(at('consent.maxSession')).toMatchObject({
      value: '30m',
      layer: 'organisation',
      why: 'the organisation narrows what is built in, 2h (the shorter time holds)',
      asked: { 'built-in': '2h', machine: null, organisation: '30m' },
    });
  });

  it('that the organisation would widen stays, and says so', () => {
    expect(at('consent.timeout')).toMatchObject({ value: '90s', layer: 'machine' });
    expect(at('consent.timeout')?.why).toContain('the organisation asks for 2m, which has no effect');
    expect(at('shell.program')?.why).toContain('this computer alone says this');
  });

  it('that is narrowed and widened at once says both', () => {
    expect(at('scopes')).toMatchObject({ value: 'lead: shell', layer: 'organisation' });
    expect(at('scopes')?.why).toMatch(
      /narrows this computer's policy, lead: diagnostics, shell .*; the organisation asks for/,
    );
  });
});
