// Reads the policy from disk, with everything that it names, and settles what holds.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { machineHome } from '../../protocol/home.ts';
import { effectivePolicy, type Layers, type OrganisationLayer } from './effective.ts';
import { oneLine, PolicyRefused, PolicyUnusable } from './errors.ts';
import { besidePolicy, keyFiles, readKeys } from './key-source.ts';
import { loadOrganisationPolicy, type OrganisationPolicy, signatureFile } from './organisation-policy.ts';
import { parsePolicy } from './parse.ts';
import type { Policy } from './policy.ts';
import type { MachinePolicyFile } from './schema.ts';
import { readSeenVersion, type SeenVersion } from './seen-version.ts';
import type { WrittenSettings } from './settings.ts';
import { readTrustedText } from './trusted-file.ts';
import { warningsFor } from './warnings.ts';
import { writtenSettings } from './written.ts';

export interface LoadOptions {
  /** Where the newest version of the organisation's policy is remembered. @default below CHAPERONE_HOME */
  readonly home?: string;
  /** What was in force: its organisation's policy stays while the one on disk cannot be obeyed. */
  readonly former?: LoadedPolicy;
}

export interface LoadedPolicy {
  readonly policy: Policy;
  /** What the policy was made of, for `policy explain`. */
  readonly layers: Layers;
  /** Full path as it was read. */
  readonly file: string;
  /** Of the file's bytes, in hex: what the audit log says was in force. */
  readonly sha256: string;
  /** The organisation's signed policy, as far as there is one that can be obeyed. */
  readonly organisation: OrganisationPolicy | null;
  /** Why the organisation's policy on disk is not the one that holds; null when it is, or none is asked for. */
  readonly trouble: PolicyUnusable | PolicyRefused | null;
  /** Sentences about what works, but perhaps not as meant. */
  readonly warnings: readonly string[];
  /** Every file that had a say, as full paths. */
  readonly reads: readonly string[];
}

/** Where the policy is when no `--config` names another. */
export function defaultPolicyFile(environment?: NodeJS.ProcessEnv): string {
  return join(machineHome(environment), 'policy.yaml');
}

/**
 * @throws PolicyUnusable when a file is missing, unreadable, too large, or could be changed by others
 * @throws PolicyRefused with every problem in it
 */
export async function loadPolicy(file: string, options: LoadOptions = {}): Promise<LoadedPolicy> {
  const path = resolve(file);
  const { text, bytes } = await readTrustedText(path, {
    what: 'policy',
    whenMissing: `make one to start from: ${existsSync(dirname(path)) ? '' : `mkdir -p -m 700 ${dirname(path)} && `}chaperoned policy sample > ${path}`,
  });
  const { file: written, problems } = parsePolicy(text);
  if (written === null) throw new PolicyRefused(path, problems);
  const machine = await machineSettings(written, path);
  const { organisation, trouble } = await organisationOf(machine, options);
  const layers: Layers = { machine, organisation: layerOf(organisation, trouble) };
  const policy = effectivePolicy(layers);
  return {
    policy,
    layers,
    file: path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    organisation,
    trouble,
    warnings: [...(trouble === null ? [] : [`organisation.policy: ${oneLine(trouble)}`]), ...warningsFor(policy)],
    reads: [path, ...filesNamed(written, path)],
  };
}

/** What the machine's file says, with the keys of the files that it names. */
async function machineSettings(file: MachinePolicyFile, path: string): Promise<WrittenSettings> {
  const { organisation } = file;
  return {
    ...writtenSettings(file),
    'organisation.ca': organisation?.ca && (await readKeys(organisation.ca, path)),
    'organisation.revocations': organisation?.revocations?.map((revocations) => besidePolicy(path, revocations)),
    'organisation.policy': organisation?.policy && besidePolicy(path, organisation.policy),
    'organisation.policySigner': organisation?.policySigner && (await readKeys(organisation.policySigner, path)),
  };
}

type Obeyed = Pick<LoadedPolicy, 'organisation' | 'trouble'>;

/** The organisation's policy on disk; while that cannot be obeyed, the former one. */
async function organisationOf(machine: WrittenSettings, { home, former }: LoadOptions): Promise<Obeyed> {
  const file = machine['organisation.policy'];
  if (file === undefined || file === null) return { organisation: null, trouble: null };
  try {
    const signers = machine['organisation.policySigner'] ?? machine['organisation.ca'] ?? [];
    const seen = newer(await readSeenVersion(home ?? machineHome()), former?.organisation ?? null);
    return { organisation: await loadOrganisationPolicy(file, signers, seen), trouble: null };
  } catch (error) {
    if (!(error instanceof PolicyUnusable || error instanceof PolicyRefused)) throw error;
    return { organisation: former?.organisation ?? null, trouble: error };
  }
}

/** What was obeyed in this run counts even where it could not be written down. */
function newer(a: SeenVersion | null, b: SeenVersion | null): SeenVersion | null {
  return a === null || (b !== null && b.version > a.version) ? b : a;
}

function layerOf(organisation: OrganisationPolicy | null, trouble: Obeyed['trouble']): OrganisationLayer {
  if (organisation !== null) return { kind: 'present', settings: organisation.settings };
  if (trouble === null) return { kind: 'none' };
  // Fail closed (promise 10): what the organisation forbids is not known.
  return { kind: 'unavailable', reason: "the policy of this computer's organisation cannot be used at the moment" };
}

function filesNamed({ organisation }: MachinePolicyFile, path: string): string[] {
  const { policy } = organisation ?? {};
  const named = policy === undefined ? [] : [policy, signatureFile(policy)];
  return [...keyFiles(organisation?.ca), ...keyFiles(organisation?.policySigner), ...named].map((file) =>
    besidePolicy(path, file),
  );
}
