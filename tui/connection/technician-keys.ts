// The keys and certificates with which a technician proves who they are, in the order in which they are offered.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';
import type { Certificate } from '../../protocol/identity/certificate.ts';
import { fingerprintOf, formatPublicLine } from '../../protocol/identity/public-key.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';
import { type AgentKey, listAgentKeys, OneKeyAgent } from './agent-keys.ts';
import { certificateBeside, readCertificateFile } from './certificate-files.ts';
import { certifiedKey } from './certified-key.ts';
import { NoTechnicianKey } from './errors.ts';
import { type AskPassphrase, readKeyFile } from './key-file.ts';
import { isInKeychain, ownKeyFile, readOwnKeyFromKeychain } from './own-key.ts';
import { userName } from './user-name.ts';

const OFFERS_MAX = 5; // a machine gives up on a client that tries more than this
const NAMES_IN_SSH = ['id_ed25519', 'id_ecdsa', 'id_rsa']; // as ssh-keygen names them, in order of preference
const KEY_TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ssh-rsa']; // in order of preference

export type KeyPlace = 'agent' | 'file' | 'keychain';

export interface TechnicianKey {
  /** The comment of the key, or the user's name. One safe line. */
  readonly name: string;
  /** `SHA256:…` of the key, also where it is offered with a certificate. */
  readonly fingerprint: string;
  /** As in `authorized_keys` and in the `technicians` of policy.yaml. */
  readonly publicLine: string;
  readonly place: KeyPlace;
  /** The file; for the others, of what it would be the file. */
  readonly file: string | null;
  /** With which it is offered; null for the key alone. */
  readonly certificate: Certificate | null;
  /** How ssh2 proves it. `onSigning` brackets a time in which an agent may ask its owner. */
  readonly method: (username: string, onSigning: (active: boolean) => void) => AnyAuthMethod;
}

export interface KeyChoice {
  /** The one file to use, if the technician named it. */
  readonly identity: string | null;
  /** The certificate to show with its key, if the technician named it. @default null */
  readonly certificate?: string | null;
  readonly askPassphrase: AskPassphrase | null;
  /** Only describes: no private key is opened where its public half lies beside it. @default false */
  readonly look?: boolean;
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * What to offer, best first: the named file alone; else what ssh-agent holds, then this program's own key, then
 * {@link NAMES_IN_SSH} in `~/.ssh`. A key comes first with its certificate, then alone. Each is loaded when it is its turn, so that
 * no passphrase is asked without need.
 *
 * @throws NoTechnicianKey when the named key or certificate cannot be used
 */
export async function* technicianKeys(choice: KeyChoice): AsyncGenerator<TechnicianKey, void, undefined> {
  const named = choice.certificate ? await readCertificateFile(choice.certificate) : null;
  const offered = new Set<string>();
  const locked: string[] = [];
  let certified = false;
  const source =
    choice.identity === null ? unnamedKeys(choice, named, offered, locked) : namedKey(choice, choice.identity, named);
  for await (const key of source) {
    certified ||= named !== null && key.certificate?.blob.equals(named.blob) === true;
    const id = offerId(key.fingerprint, key.certificate);
    if (!offered.has(id)) {
      offered.add(id);
      yield key;
    }
    if (offered.size >= OFFERS_MAX) {
      break;
    }
  }
  const [file] = locked;
  if (offered.size === 0 && file !== undefined) {
    throw new NoTechnicianKey(`your key ${file} is locked with a passphrase`, howToUnlock(file));
  }
  if (named !== null && !certified) {
    throw new NoTechnicianKey(
      `the certificate ${choice.certificate} is for the key ${named.key.fingerprint}, which is not here`,
      'name that key too (--identity), or put it into the agent: ssh-add',
    );
  }
}

function howToUnlock(file: string): string {
  return `unlock it in the agent first: eval $(ssh-agent); ssh-add ${file}`;
}

function offerId(fingerprint: string, certificate: Certificate | null): string {
  return certificate === null ? fingerprint : fingerprintOf(certificate.blob);
}

async function* namedKey(choice: KeyChoice, file: string, named: Certificate | null): AsyncGenerator<TechnicianKey> {
  const key = (choice.look === true ? await publicHalf(file) : null) ?? (await readKeyFile(file, choice.askPassphrase));
  if (key === null) {
    throw new NoTechnicianKey(`${file} is locked with a passphrase`, howToUnlock(file));
  }
  yield* keyAndCertificate(key, 'file', file, named ?? (await certificateBeside(file)));
}

async function* unnamedKeys(
  choice: KeyChoice,
  named: Certificate | null,
  offered: ReadonlySet<string>,
  locked: string[],
): AsyncGenerator<TechnicianKey> {
  const environment = choice.environment ?? process.env;
  const own = ownKeyFile(environment);
  const files = [own, ...NAMES_IN_SSH.map((name) => join(environment.HOME || homedir(), '.ssh', name))];
  const beside = await Promise.all(files.map((file) => certificateBeside(file)));
  const certificates = [named, ...beside].filter((certificate) => certificate !== null);

  const socketPath = environment.SSH_AUTH_SOCK;
  if (socketPath !== undefined && socketPath !== '') {
    yield* agentOffers(await listAgentKeys(socketPath), certificates, socketPath);
  }
  for (const file of files) {
    const half = await publicHalf(file);
    const certificate = half === null ? null : certificateOf(half, certificates);
    const done = half !== null && offered.has(fingerprintOf(half.getPublicSSH()));
    if (done && (certificate === null || offered.has(offerId('', certificate)))) {
      continue; // the agent has offered it already
    }
    const place = file === own && isInKeychain(environment) ? 'keychain' : 'file';
    if (place === 'file' && !existsSync(file)) {
      continue;
    }
    const key = await open(choice, place, file, half);
    if (key !== null) {
      yield* keyAndCertificate(key, place, file, certificateOf(key, certificates));
    } else if (place === 'file') {
      locked.push(file);
    }
  }
}

function open(choice: KeyChoice, place: KeyPlace, file: string, half: ParsedKey | null): Promise<ParsedKey | null> {
  if (choice.look === true && half !== null) {
    return Promise.resolve(half);
  }
  return place === 'keychain' ? readOwnKeyFromKeychain(choice.environment) : readKeyFile(file, choice.askPassphrase);
}

/** Certificates first: each vouches for more than its key does. */
function* agentOffers(
  held: readonly AgentKey[],
  certificates: readonly Certificate[],
  socketPath: string,
): Generator<TechnicianKey> {
  for (const { key, certificate } of held.filter((candidate) => candidate.certificate !== null)) {
    yield agentKey(key, key, certificate, socketPath);
  }
  for (const type of KEY_TYPES) {
    for (const { key } of held.filter((candidate) => candidate.key.type === type)) {
      const certificate = certificateOf(key, certificates);
      if (certificate !== null) {
        yield agentKey(certifiedKey(key, certificate), key, certificate, socketPath);
      }
      yield agentKey(key, key, null, socketPath);
    }
  }
}

function* keyAndCertificate(
  key: ParsedKey,
  place: KeyPlace,
  file: string,
  certificate: Certificate | null,
): Generator<TechnicianKey> {
  const from = { ...describe(key, basename(file)), place, file };
  if (certificate !== null) {
    const shown = certifiedKey(key, certificate);
    yield { ...from, certificate, method: (username) => ({ type: 'publickey', username, key: shown }) };
  }
  yield { ...from, certificate: null, method: (username) => ({ type: 'publickey', username, key }) };
}

/** @param signsWith what the agent knows: its certificate, or its key where the certificate is in a file */
function agentKey(
  shown: ParsedKey,
  signsWith: ParsedKey,
  certificate: Certificate | null,
  socketPath: string,
): TechnicianKey {
  const plain = certificate?.key;
  return {
    ...describe(signsWith, 'agent key', plain),
    place: 'agent',
    file: null,
    certificate,
    method: (username, onSigning) => ({
      type: 'agent',
      username,
      agent: new OneKeyAgent(socketPath, { shown, signsWith, onSigning }),
    }),
  };
}

function certificateOf(key: ParsedKey, certificates: readonly Certificate[]): Certificate | null {
  const blob = key.getPublicSSH();
  return certificates.find((certificate) => certificate.key.blob.equals(blob)) ?? null;
}

/** The public half beside a private key; null when there is none. */
async function publicHalf(file: string): Promise<ParsedKey | null> {
  const text = await readFile(`${file}.pub`).catch(() => null);
  const key = text === null ? null : ssh2.utils.parseKey(text);
  return key instanceof Error ? null : key;
}

function describe(
  key: ParsedKey,
  fallback: string,
  plain: { readonly type: string; readonly blob: Buffer } = { type: key.type, blob: key.getPublicSSH() },
): Pick<TechnicianKey, 'name' | 'fingerprint' | 'publicLine'> {
  const comment = sanitiseLine(key.comment ?? '', 80).trim();
  return {
    name: comment || userName() || fallback,
    fingerprint: fingerprintOf(plain.blob),
    publicLine: formatPublicLine(plain, comment),
  };
}
