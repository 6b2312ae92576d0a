// The policy file as it is written (DESIGN.md §10): which keys exist, what they may hold, what they default to.

import { hostname } from 'node:os';
import { z } from 'zod';
import { plainLine } from '../../protocol/request.ts';
import { SCOPES, Scope } from '../../protocol/scopes.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { duration } from './duration.ts';
import { FilePaths, type KeySource, KeySources } from './key-source.ts';
import { ListenAddressText } from './listen-address.ts';
import type { Policy } from './policy.ts';
import { PublicKeyLine } from './public-key.ts';

const NAME_MAX = 64; // characters; protocol/grant.ts holds machine names to the same
const ROLES_MAX = 32;
const TECHNICIANS_MAX = 500; // more than that want certificates
const LISTEN_MAX = 16; // as in the status that the daemon reports

export const TechnicianEntry = z.strictObject({
  name: plainLine(80, 'the name'),
  phone: plainLine(40, 'the phone number'),
  role: plainLine(40, 'the role'),
  organisation: plainLine(80, 'the organisation').nullable().default(null),
  key: PublicKeyLine,
});

const RoleName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a role is lower-case letters, digits and hyphens');

export const RoleScopes = z
  .record(RoleName, z.array(Scope).max(SCOPES.length))
  .refine((roles) => Object.keys(roles).length <= ROLES_MAX, `there are more than ${ROLES_MAX} roles`)
  .default({ technician: ['diagnostics', 'shell'], lead: ['diagnostics', 'shell'] });

const INPUT_HINT = 'this version records what a shell shows, not what is typed: write false, or leave it out';

const NoInput = z
  .boolean()
  .default(false)
  .refine((recorded) => !recorded, INPUT_HINT)
  .transform((): false => false);

const Yes = z.boolean().default(true);

/** The policy as its file says it: key files are named, and not read yet. */
export interface WrittenPolicy extends Omit<Policy, 'organisation'> {
  readonly organisation: {
    readonly name: string | null;
    readonly ca: readonly KeySource[];
    readonly revocations: readonly string[];
  };
}

export const PolicyFile = z
  .strictObject({
    machine: z.strictObject({ name: plainLine(NAME_MAX, 'the name').default(ownName), hipaa: Yes }).prefault({}),
    listen: z
      .array(ListenAddressText)
      .min(1, 'the daemon needs an address to listen on')
      .max(LISTEN_MAX, `at most ${LISTEN_MAX} addresses`)
      .prefault(['127.0.0.1:2200']),
    technicians: z.array(TechnicianEntry).max(TECHNICIANS_MAX, `at most ${TECHNICIANS_MAX} technicians`).default([]),
    organisation: z
      .strictObject({
        name: plainLine(80, 'the name').nullable().default(null),
        ca: KeySources.prefault([]),
        revocations: FilePaths.prefault([]),
      })
      .prefault({}),
    scopes: RoleScopes,
    consent: z
      .strictObject({
        timeout: duration('10s', '5m').prefault('60s'),
        maxSession: duration('1m', '12h').prefault('2h'),
        allowPlainCode: z.boolean().default(false),
      })
      .prefault({}),
    shell: z
      .strictObject({
        program: z
          .string()
          .max(200, 'the path is too long (at most 200 characters)')
          .regex(/^\/[^\p{Cc}\p{Cf}]+$/u, 'the program must be a full path, such as /bin/bash')
          .default('/bin/bash'),
        sandbox: z.enum(['strict', 'off']).default('strict'),
      })
      .prefault({}),
    record: z.strictObject({ input: NoInput }).prefault({}),
  })
  .transform(
    ({ consent, ...rest }): WrittenPolicy => ({
      ...rest,
      consent: {
        timeoutMs: consent.timeout,
        maxSessionMs: consent.maxSession,
        allowPlainCode: consent.allowPlainCode,
      },
    }),
  );

function ownName(): string {
  return sanitiseLine(hostname(), NAME_MAX).trim() || 'this computer';
}
