// The keys with which a technician proves who they are, in the order in which they are offered.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';
import { technicianHome } from '../../protocol/home.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { listAgentKeys, OneKeyAgent } from './agent-keys.ts';
import { NoTechnicianKey } from './errors.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type AskPassphrase, readKeyFile } from './key-file.ts';

const OFFERS_MAX = 5; // a machine gives up on a client that tries more keys than this
const KEY_TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ssh-rsa']; // in order of preference

export interface TechnicianKey {
  /** Its comment, or the user's name. One safe line. */
  readonly name: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** As in `authorized_keys` and in the `technicians` of policy.yaml. */
  readonly publicLine: string;
  /** `ssh-agent`, or the file. */
  readonly from: string;
  /** How ssh2 proves it. `onSigning` brackets a time in which an agent may ask its owner. */
  readonly method: (username: string, onSigning: (active: boolean) => void) => AnyAuthMethod;
}

export interface KeyChoice {
  /** The one file to use, if the technician named it. */
  readonly identity: string | null;
  readonly askPassphrase: AskPassphrase | null;
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
}

/** The key that `chaperone whoami` makes. */
export function ownKeyFile(environment: NodeJS.ProcessEnv = process.env): string {
  return join(technicianHome(environment), 'id_ed25519');
}

/**
 * Keys to offer, best first: the named file alone; else those of ssh-agent, then this program's own, then
 * `~/.ssh/id_ed25519`. Each is loaded when it is its turn, so that no passphrase is asked without need.
 *
 * @throws NoTechnicianKey when the named file cannot be used
 */
export async function* technicianKeys(choice: KeyChoice): AsyncGenerator<TechnicianKey, void, undefined> {
  const environment = choice.environment ?? process.env;
  if (choice.identity !== null) {
    yield await fromNamedFile(choice.identity, choice.askPassphrase);
    return;
  }
  const offered = new Set<string>();
  for await (const key of unnamedKeys(environment, choice.askPassphrase, offered)) {
    if (!offered.has(key.fingerprint)) {
      offered.add(key.fingerprint);
      yield key;
    }
    if (offered.size >= OFFERS_MAX) {
      return;
    }
  }
}

async function fromNamedFile(file: string, askPassphrase: AskPassphrase | null): Promise<TechnicianKey> {
  const parsed = await readKeyFile(file, askPassphrase);
  if (parsed === null) {
    throw new NoTechnicianKey(`${file} is locked with a passphrase`, `unlock it in the agent first: ssh-add ${file}`);
  }
  return fileKey(parsed, file);
}

async function* unnamedKeys(
  environment: NodeJS.ProcessEnv,
  askPassphrase: AskPassphrase | null,
  offered: ReadonlySet<string>,
): AsyncGenerator<TechnicianKey, void, undefined> {
  const socketPath = environment.SSH_AUTH_SOCK;
  if (socketPath !== undefined && socketPath !== '') {
    const keys = await listAgentKeys(socketPath);
    for (const type of KEY_TYPES) {
      for (const key of keys.filter((candidate) => candidate.type === type)) {
        yield agentKey(key, socketPath);
      }
    }
  }
  for (const file of [ownKeyFile(environment), join(environment.HOME || homedir(), '.ssh', 'id_ed25519')]) {
    if (!existsSync(file) || offered.has(await publicFingerprint(`${file}.pub`))) {
      continue;
    }
    const parsed = await readKeyFile(file, askPassphrase);
    if (parsed !== null) {
      yield fileKey(parsed, file);
    }
  }
}

/** Of the public half beside a private key: an agent may have offered it already. Empty when there is none. */
async function publicFingerprint(file: string): Promise<string> {
  const text = await readFile(file).catch(() => null);
  const key = text === null ? null : ssh2.utils.parseKey(text);
  return key === null || key instanceof Error ? '' : fingerprintOf(key.getPublicSSH());
}

function fileKey(key: ParsedKey, file: string): TechnicianKey {
  return {
    ...describe(key, basename(file)),
    from: file,
    method: (username) => ({ type: 'publickey', username, key }),
  };
}

function agentKey(key: ParsedKey, socketPath: string): TechnicianKey {
  return {
    ...describe(key, 'agent key'),
    from: 'ssh-agent',
    method: (username, onSigning) => ({ type: 'agent', username, agent: new OneKeyAgent(socketPath, key, onSigning) }),
  };
}

function describe(key: ParsedKey, fallback: string): Pick<TechnicianKey, 'name' | 'fingerprint' | 'publicLine'> {
  const blob = key.getPublicSSH();
  const comment = sanitiseLine(key.comment ?? '', 80).trim();
  return {
    name: comment || userName() || fallback,
    fingerprint: fingerprintOf(blob),
    publicLine: `${key.type} ${blob.toString('base64')}${comment === '' ? '' : ` ${comment}`}`,
  };
}

/** The account's name, one safe line; empty where there is none. */
export function userName(): string {
  try {
    return sanitiseLine(userInfo().username, 80);
  } catch {
    return ''; // a user ID without an account, as in containers
  }
}
