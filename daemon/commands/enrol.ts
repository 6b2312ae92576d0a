// `chaperoned enrol`: writes what an authority signs, or takes what it signed.

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ssh2 from 'ssh2';
import { formatConnectionId } from '../../protocol/connection-id.ts';
import { formatEnrolmentRequest } from '../../protocol/enrolment.ts';
import { ChaperoneError, EXIT, UsageError } from '../../protocol/errors.ts';
import { machineHome, privateDirectory } from '../../protocol/home.ts';
import { parseCertificateLine } from '../../protocol/identity/certificate.ts';
import { formatInstant } from '../../protocol/identity/check-certificate.ts';
import { parsePublicKey, parsePublicLine, type SshPublicKey } from '../../protocol/identity/public-key.ts';
import { checkHostCertificate, keepHostCertificate } from '../identity/host-certificate.ts';
import { type MachineKeys, machineKeys } from '../identity/machine-keys.ts';
import { defaultPolicyFile, loadPolicy } from '../policy/load.ts';
import { type OutputOptions, print } from './output.ts';

const FILE_MAX = 64 * 1024; // bytes

export interface EnrolOptions extends OutputOptions {
  readonly config?: string;
  readonly out?: string;
  readonly certificate?: string;
  readonly ca?: string;
}

export async function enrol(options: EnrolOptions): Promise<void> {
  const home = privateDirectory(machineHome());
  const keys = machineKeys(home);
  if (options.certificate === undefined) {
    await writeRequest(options, home, keys);
  } else {
    await takeCertificate(options, options.certificate, home, keys);
  }
}

async function writeRequest(options: EnrolOptions, home: string, keys: MachineKeys): Promise<void> {
  const file = resolve(options.out ?? join(home, 'identity', `machine-${keys.connectionId}.pub`));
  const policy = await policyOf(options, home);
  const name = policy?.machine.name ?? 'machine';
  const ca = policy !== null && policy.organisation.cas.length > 0 ? '' : ' --ca CA.pub';
  const { connectionId, hostKeyFingerprint } = keys;
  const text = formatEnrolmentRequest({ key: hostPublicKey(keys), connectionId, name }, file);
  writeFileSync(file, text);
  print(options, { file, connectionId, name, fingerprint: hostKeyFingerprint, request: text }, [
    `The request of this computer (${formatConnectionId(connectionId)}) is in ${file}.`,
    'It holds nothing secret. Take it to your administrator, who signs it with',
    `  chaperone-hub ca sign --machine ${file}`,
    'and take the answer with',
    `  chaperoned enrol --certificate FILE${ca}`,
    ...(ca === '' ? [] : ['where CA.pub is the public key of the authority, which the policy does not name yet.']),
  ]);
}

async function takeCertificate(options: EnrolOptions, from: string, home: string, keys: MachineKeys): Promise<void> {
  const certificate = parseCertificateLine(firstLine(from));
  const cas =
    options.ca === undefined ? ((await policyOf(options, home))?.organisation.cas ?? []) : [readCa(options.ca)];
  if (cas.length === 0) {
    throw new UsageError(
      'which authority is to be believed?',
      `name its public key: --ca FILE, or organisation.ca in the policy; the certificate is signed by ${certificate.caFingerprint}`,
    );
  }
  checkHostCertificate(certificate, keys, cas, new Date());
  const file = keepHostCertificate(home, certificate);
  const validUntil = formatInstant(certificate.validBefore);
  const { serial, caFingerprint } = certificate;
  print(options, { file, connectionId: keys.connectionId, serial: String(serial), ca: caFingerprint, validUntil }, [
    `This computer is enrolled as ${formatConnectionId(keys.connectionId)}, certificate ${serial}, until ${validUntil}.`,
    'A running chaperoned shows it after it was started again.',
  ]);
}

/** The policy, where there is one; a machine may be enrolled before it has any. */
async function policyOf({ config }: EnrolOptions, home: string) {
  const file = config ?? defaultPolicyFile();
  return config === undefined && !existsSync(file) ? null : (await loadPolicy(file, { home })).policy;
}

function hostPublicKey({ hostKey }: MachineKeys): SshPublicKey {
  const parsed = ssh2.utils.parseKey(hostKey);
  if (parsed instanceof Error) {
    throw new ChaperoneError('the host key cannot be read', { cause: parsed });
  }
  return parsePublicKey(parsed.getPublicSSH());
}

function readCa(file: string): SshPublicKey {
  return parsePublicLine(firstLine(file));
}

function firstLine(file: string): string {
  try {
    if (statSync(file).size <= FILE_MAX) {
      return (
        readFileSync(file, 'utf8')
          .split('\n')
          .find((line) => line.trim() !== '') ?? ''
      );
    }
  } catch (cause) {
    throw new ChaperoneError(`${file} cannot be read`, { exitCode: EXIT.usage, hint: 'check the path', cause });
  }
  throw new UsageError(`${file} is too large`, 'is it the right file?');
}
