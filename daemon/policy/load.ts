// Reads the policy from disk, and refuses one that somebody else could have written.

import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { machineHome } from '../../protocol/home.ts';
import { SHELL_SCOPES } from '../../protocol/scopes.ts';
import { PolicyRefused } from './errors.ts';
import { besidePolicy, readKeys } from './key-source.ts';
import { parsePolicy } from './parse.ts';
import { OFFERED_SCOPES, type Policy, whyNotOffered } from './policy.ts';
import { readTrustedText } from './trusted-file.ts';

export interface LoadedPolicy {
  readonly policy: Policy;
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
 * @throws PolicyUnusable when the file is missing, unreadable, too large, or could be changed by others
 * @throws PolicyRefused with every problem in it
 */
export async function loadPolicy(file: string): Promise<LoadedPolicy> {
  const path = resolve(file);
  const { text, bytes } = await readTrustedText(path, {
    what: 'policy',
    whenMissing: `make one to start from: ${existsSync(dirname(path)) ? '' : `mkdir -p -m 700 ${dirname(path)} && `}chaperoned policy sample > ${path}`,
  });
  const { policy: written, problems } = parsePolicy(text);
  if (written === null) throw new PolicyRefused(path, problems);
  const { organisation, ...rest } = written;
  const policy: Policy = {
    ...rest,
    organisation: {
      name: organisation.name,
      cas: await readKeys(organisation.ca, path),
      revocations: organisation.revocations.map((revocations) => besidePolicy(path, revocations)),
    },
  };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { policy, file: path, sha256, warnings: warningsFor(policy) };
}

function warningsFor(policy: Policy): string[] {
  const warnings: string[] = [];
  if (policy.technicians.length === 0 && policy.organisation.cas.length === 0) {
    warnings.push('technicians: nobody is listed, so nobody can ask for a session');
  }
  for (const [role, scopes] of Object.entries(policy.scopes)) {
    const without = scopes.filter((scope) => !OFFERED_SCOPES.includes(scope));
    if (without.length > 0) warnings.push(`scopes.${role}: this version does not offer ${without.join(', ')}`);
  }
  const shells = Object.values(policy.scopes)
    .flat()
    .find((scope) => SHELL_SCOPES.includes(scope) && OFFERED_SCOPES.includes(scope));
  if (shells !== undefined && policy.shell.sandbox === 'strict') {
    warnings.push(`shell.sandbox: ${whyNotOffered(policy, shells)}; shells are refused (off allows them, marked)`);
  }
  if (policy.machine.hipaa && policy.shell.sandbox === 'off') {
    warnings.push('shell.sandbox: off on a machine that handles patient data; prompts and receipts say so');
  }
  if (!isExecutable(policy.shell.program)) {
    warnings.push(`shell.program: ${policy.shell.program} cannot be run on this computer`);
  }
  return warnings;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
