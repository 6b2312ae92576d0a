// Reads the policy from disk, and refuses one that somebody else could have written.

import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, type Stats } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { machineHome } from '../../protocol/home.ts';
import { SHELL_SCOPES } from '../../protocol/scopes.ts';
import { PolicyRefused, PolicyUnusable } from './errors.ts';
import { parsePolicy } from './parse.ts';
import { OFFERED_SCOPES, type Policy, whyNotOffered } from './policy.ts';

const FILE_MAX = 256 * 1024; // bytes; 500 technicians with RSA keys fit

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
  const bytes = await readTrusted(path);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PolicyUnusable(`${path} is not text in UTF-8`, 'save it again as UTF-8', cause);
  }
  const { policy, problems } = parsePolicy(text);
  if (policy === null) throw new PolicyRefused(path, problems);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { policy, file: path, sha256, warnings: warningsFor(policy) };
}

async function readTrusted(path: string): Promise<Buffer> {
  let real: string;
  try {
    real = await realpath(path);
  } catch (cause) {
    throw isMissing(cause)
      ? new PolicyUnusable(
          `there is no policy at ${path}`,
          `make one to start from: ${existsSync(dirname(path)) ? '' : `mkdir -p -m 700 ${dirname(path)} && `}chaperoned policy sample > ${path}`,
          cause,
        )
      : new PolicyUnusable(`the policy at ${path} cannot be reached`, 'check the path and its permissions', cause);
  }
  refuseIfOthersMayWrite(dirname(real), await stat(dirname(real)), 'directory');
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe in its place must not hang us
  } catch (cause) {
    throw new PolicyUnusable(`the policy at ${path} cannot be read`, `check who owns it: ls -l ${path}`, cause);
  }
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new PolicyUnusable(`${path} is not a file`, 'name the policy file itself');
    refuseIfOthersMayWrite(real, found, 'file');
    if (found.size > FILE_MAX) {
      throw new PolicyUnusable(
        `${path} is too large for a policy (at most ${FILE_MAX} bytes)`,
        'is it the right file?',
      );
    }
    const buffer = Buffer.alloc(FILE_MAX + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, Math.min(bytesRead, FILE_MAX));
  } finally {
    await handle.close();
  }
}

/** Whoever can write the file, or replace it in its directory, would decide in the owner's place. */
function refuseIfOthersMayWrite(path: string, found: Stats, kind: 'file' | 'directory'): void {
  if (process.getuid !== undefined && found.uid !== process.getuid() && found.uid !== 0) {
    throw new PolicyUnusable(`${path} belongs to another user`, `chown ${process.getuid()} ${path}`);
  }
  if ((found.mode & 0o022) === 0) return;
  const shared = kind === 'directory' && (found.mode & 0o1000) !== 0;
  throw new PolicyUnusable(
    `the ${kind} ${path} can be changed by other users`,
    shared ? 'move the policy into a directory of its own' : `chmod go-w ${path}`,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function warningsFor(policy: Policy): string[] {
  const warnings: string[] = [];
  if (policy.technicians.length === 0) {
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
