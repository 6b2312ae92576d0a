// Reads the policy from disk, with everything that it names, and settles what holds.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { machineHome } from '../../protocol/home.ts';
import { effectivePolicy, type Layers } from './effective.ts';
import { PolicyRefused } from './errors.ts';
import { besidePolicy, readKeys } from './key-source.ts';
import { parsePolicy } from './parse.ts';
import type { Policy } from './policy.ts';
import type { MachinePolicyFile } from './schema.ts';
import type { WrittenSettings } from './settings.ts';
import { readTrustedText } from './trusted-file.ts';
import { warningsFor } from './warnings.ts';
import { writtenSettings } from './written.ts';

export interface LoadedPolicy {
  readonly policy: Policy;
  /** What the policy was made of, for `policy explain`. */
  readonly layers: Layers;
  /** Full path as it was read. */
  readonly file: string;
  /** Of the file's bytes, in hex: what the audit log says was in force. */
  readonly sha256: string;
  /** Sentences about what works, but perhaps not as meant. */
  readonly warnings: readonly string[];
}

/** Where the policy is when no `--config` names another. */
export function defaultPolicyFile(environment?: NodeJS.ProcessEnv): string {
  return join(machineHome(environment), 'policy.yaml');
}

/**
 * @throws PolicyUnusable when a file is missing, unreadable, too large, or could be changed by others
 * @throws PolicyRefused with every problem in it
 */
export async function loadPolicy(file: string): Promise<LoadedPolicy> {
  const path = resolve(file);
  const { text, bytes } = await readTrustedText(path, {
    what: 'policy',
    whenMissing: `make one to start from: ${existsSync(dirname(path)) ? '' : `mkdir -p -m 700 ${dirname(path)} && `}chaperoned policy sample > ${path}`,
  });
  const { file: written, problems } = parsePolicy(text);
  if (written === null) throw new PolicyRefused(path, problems);
  const layers: Layers = { machine: await machineSettings(written, path), organisation: { kind: 'none' } };
  const policy = effectivePolicy(layers);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { policy, layers, file: path, sha256, warnings: warningsFor(policy) };
}

/** What the machine's file says, with the keys of the files that it names. */
async function machineSettings(file: MachinePolicyFile, path: string): Promise<WrittenSettings> {
  const { organisation } = file;
  return {
    ...writtenSettings(file),
    'organisation.ca': organisation?.ca && (await readKeys(organisation.ca, path)),
    'organisation.revocations': organisation?.revocations?.map((revocations) => besidePolicy(path, revocations)),
  };
}
