// The JSON Schemas of the package say what the program's own schema says, and editors find them from the sample.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROJECT } from '../../test/harness/place.ts';
import { jsonSchemaText } from './json-schema.ts';
import { parsePolicy } from './parse.ts';
import { sampleText } from './sample.ts';
import { knownKeys } from './schema.ts';
import { SETTING_KEYS } from './settings.ts';
import { ED25519 } from './test-keys.ts';

const FILES = [
  ['machine', 'docs/policy.schema.json', ''],
  ['organisation', 'docs/organisation-policy.schema.json', ' --organisation'],
] as const;

const accepts = (text: string, kind: 'machine' | 'organisation' = 'machine'): boolean =>
  z.fromJSONSchema(JSON.parse(jsonSchemaText(kind))).safeParse(parse(text) ?? {}).success;

describe('the JSON Schema', () => {
  it.each(FILES)('of a policy (%s) stands in %s', (kind, file, option) => {
    expect(
      readFileSync(join(PROJECT, file), 'utf8'),
      `write it anew: node daemon/main.ts policy schema${option} > ${file}`,
    ).toBe(jsonSchemaText(kind));
  });

  it('knows every key that has a rule, and no other', () => {
    const leaves = knownKeys('').flatMap((section) =>
      section === 'technicians' || knownKeys(section).length === 0
        ? [section]
        : knownKeys(section).map((name) => `${section}.${name}`),
    );
    expect(leaves.toSorted()).toEqual([...SETTING_KEYS].sort());
  });

  it('takes the sample, which names it for editors', () => {
    const text = sampleText();
    const [, named] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? [];
    expect(readFileSync(named ?? '', 'utf8')).toBe(jsonSchemaText('machine'));
    expect(accepts(text)).toBe(true);
    expect(readFileSync(join(PROJECT, 'docs/examples/policy.yaml'), 'utf8')).toContain('$schema=../policy.schema.json');
  });

  it.each([
    `technicians: [{ name: Kim, phone: "1234", role: lead, key: "${ED25519}" }]`,
    'organisation: { ca: /etc/ca.pub, revocations: [/a, /b], name: Clinic }',
    'organisation: { ca: [/etc/ca.pub], policy: /p, policySigner: /k }',
    'consent: { timeout: 30s, maxSession: 1h, allowPlainCode: true }',
    'shell: { sandbox: off, network: true, program: "/opt/profCc/{p}/sh" }',
    'record: { input: false, maxSize: 512MiB }',
    'diagnostics: { refuse: [open-ports, "usb-*", "d?sks"] }',
  ])('takes what the program takes: %s', (text) => {
    expect(parsePolicy(text).problems).toBeNull();
    expect(accepts(text)).toBe(true);
  });

  it.each([
    'machine: { naem: x }',
    'consent: { timeout: 60 }',
    'consent: { timeout: sixty }',
    'shell: { sandbox: maybe }',
    'shell: { network: false }',
    'record: { input: true }',
    'record: { maxSize: 4GB }',
    'record: { maxSize: 4 }',
    'diagnostics: { refuse: [a b] }',
    'diagnostics: { refuse: [""] }',
    'scopes: { lead: [everything] }',
    'organisation: { ca: 5 }',
    'technicians: [{ name: Kim }]',
    'protect: { paths: [] }',
  ])('refuses what the program refuses: %s', (text) => {
    expect(parsePolicy(text).problems).not.toBeNull();
    expect(accepts(text)).toBe(false);
  });

  it('of an organisation wants a version', () => {
    expect(accepts('version: 3', 'organisation')).toBe(true);
    expect(accepts('consent: {}', 'organisation')).toBe(false);
  });
});
