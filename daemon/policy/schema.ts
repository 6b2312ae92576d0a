// The policy file as it is written (DESIGN.md §10): which keys exist and what they may hold. What a key is when nobody
// writes it stands in settings.ts; what the program cannot honour yet stands in not-yet.ts and is refused.

import { z } from 'zod';
import { plainLine } from '../../protocol/request.ts';
import { SCOPES, Scope } from '../../protocol/scopes.ts';
import { duration } from './duration.ts';
import { Glob } from './glob.ts';
import { FilePath, FilePaths, KeySources } from './key-source.ts';
import { ListenAddressText } from './listen-address.ts';
import { only } from './not-yet.ts';
import { PublicKeyLine } from './public-key.ts';
import { NAME_MAX } from './settings.ts';
import { size } from './size.ts';

const ROLES_MAX = 32;
const TECHNICIANS_MAX = 500; // more than that want certificates
const PATTERNS_MAX = 64; // of one setting
const LISTEN_MAX = 16; // as in the status that the daemon reports
const FULL_PATH = 'the program must be a full path, such as /bin/bash';
const VERSION_MAX = 1_000_000_000; // of an organisation's policy; a date such as 20260301 fits

export const TechnicianEntry = z.strictObject({
  name: plainLine(80, 'the name'),
  phone: plainLine(40, 'the phone number').describe('Shown with the question, to compare with the caller'),
  role: plainLine(40, 'the role').describe('One of the roles under scopes'),
  organisation: plainLine(80, 'the organisation').nullable().default(null),
  key: PublicKeyLine.describe('One line of their .pub file'),
});

const RoleName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'a role is lower-case letters, digits and hyphens');

export const RoleScopes = z
  .record(RoleName, z.array(Scope).max(SCOPES.length))
  .refine((roles) => Object.keys(roles).length <= ROLES_MAX, `there are more than ${ROLES_MAX} roles`);

/** The keys of each section. */
const SECTIONS = {
  machine: {
    name: plainLine(NAME_MAX, 'the name').describe("Shown to both people; left out: the computer's own name"),
    hipaa: z.boolean().describe('This computer handles patient data'),
  },
  organisation: {
    name: plainLine(80, 'the name').describe('What people call the organisation'),
    ca: KeySources.describe('Who signs the certificates of technicians: files of public keys, or the keys themselves'),
    revocations: FilePaths.describe('Lists of certificates and keys that are not good any more'),
    policy: FilePath.describe("The organisation's own policy, signed: it can only narrow what stands here"),
    policySigner: KeySources.describe("Who may sign the organisation's policy; left out: the CA"),
  },
  consent: {
    timeout: duration('10s', '5m').describe('Time to answer; no answer is a no'),
    maxSession: duration('1m', '12h').describe('A session ends after this time whatever happens'),
    pauseWhenAway: duration('1m', '1h').describe('A session pauses when nobody touched the machine for so long'),
    allowPlainCode: z.boolean().describe('Also take requests made with plain ssh, where the code is typed'),
  },
  shell: {
    program: z
      .string()
      .max(200, 'the path is too long (at most 200 characters)')
      .regex(/^\/[^\u0000-\u001f\u007f-\u009f]+$/, FULL_PATH)
      .refine((path) => !/\p{Cf}/u.test(path), FULL_PATH)
      .describe('What a shell runs'),
    sandbox: z.enum(['strict', 'off']).describe('strict: a shell only inside a sandbox; off: without one, marked'),
    network: only(true, 'this version cannot keep a shell off the network'),
  },
  diagnostics: {
    refuse: z
      .array(Glob)
      .max(PATTERNS_MAX, `at most ${PATTERNS_MAX} patterns`)
      .describe('What nobody may look at: names of diagnostics, * for any text and ? for one character'),
  },
  record: {
    input: only(false, 'this version records what a shell shows, not what is typed'),
    maxSize: size('1MiB', '1TiB').describe(
      'The session ends before the recording of one of its shells or commands is larger',
    ),
  },
  files: {
    push: only(false, 'this version moves no files'),
    pull: only(false, 'this version moves no files'),
  },
  screen: { module: only('off', 'this version shows no screen') },
} as const;

const MACHINE_POLICY = {
  machine: z.strictObject(SECTIONS.machine).partial(),
  organisation: z.strictObject(SECTIONS.organisation).partial(),
  listen: z
    .array(ListenAddressText)
    .min(1, 'the daemon needs an address to listen on')
    .max(LISTEN_MAX, `at most ${LISTEN_MAX} addresses`)
    .describe('Where technicians connect, such as "192.168.1.20:2200"'),
  technicians: z
    .array(TechnicianEntry)
    .max(TECHNICIANS_MAX, `at most ${TECHNICIANS_MAX} technicians`)
    .describe('Who may ask for a session, by their own key'),
  scopes: RoleScopes.describe('What each role may ask for; the person at the computer decides each time'),
  consent: z.strictObject(SECTIONS.consent).partial(),
  shell: z.strictObject(SECTIONS.shell).partial(),
  diagnostics: z.strictObject(SECTIONS.diagnostics).partial(),
  record: z.strictObject(SECTIONS.record).partial(),
  files: z.strictObject(SECTIONS.files).partial(),
  screen: z.strictObject(SECTIONS.screen).partial(),
} as const;

/** The machine's own policy. */
export const MachinePolicyFile = z.strictObject(MACHINE_POLICY).partial();
export type MachinePolicyFile = z.infer<typeof MachinePolicyFile>;

/** An organisation's policy: the same keys, and which of its versions this is. */
export const OrganisationPolicyFile = MachinePolicyFile.extend({
  version: z
    .int('a version is a whole number')
    .min(1, 'versions count from 1')
    .max(VERSION_MAX, `the version is too large (at most ${VERSION_MAX})`)
    .describe('Counts up with each change: a machine never goes back to a lower one'),
});
export type OrganisationPolicyFile = z.infer<typeof OrganisationPolicyFile>;

const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(MACHINE_POLICY),
  technicians: Object.keys(TechnicianEntry.shape),
  ...Object.fromEntries(Object.entries(SECTIONS).map(([section, keys]) => [section, Object.keys(keys)])),
};

/** The keys that a section knows; those of the whole file for an empty name. */
export function knownKeys(section: string): readonly string[] {
  return Object.hasOwn(KEYS, section) ? (KEYS[section] ?? []) : [];
}
