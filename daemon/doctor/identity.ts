// Is the machine who it says it is: its keys, who may read them, and the certificate that vouches for it.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatConnectionId } from '../../protocol/connection-id.ts';
import { ChaperoneError } from '../../protocol/errors.ts';
import { formatInstant } from '../../protocol/identity/check-certificate.ts';
import { parsePublicKey } from '../../protocol/identity/public-key.ts';
import { checkHostCertificate, readHostCertificate } from '../identity/host-certificate.ts';
import { machineKeys } from '../identity/machine-keys.ts';
import type { Policy } from '../policy/policy.ts';
import { broken, type Finding, ok, warn } from './finding.ts';

const SOON_MS = 30 * 24 * 3_600_000; // an administrator needs some weeks for all machines

/** @param policy null when it cannot be read */
export function examineIdentity(home: string, policy: Policy | null, now: Date): Finding[] {
  const directory = join(home, 'identity');
  if (!existsSync(join(directory, 'machine.json'))) {
    return [warn('keys', 'this computer has no keys yet', 'they are made at the first start: chaperoned start')];
  }
  const keys = machineKeys(home);
  return [
    ok(
      'keys',
      `${formatConnectionId(keys.connectionId)}, host key ${keys.hostKeyFingerprint}, in files below ${directory}`,
    ),
    examinePermissions(home),
    examineCertificate(home, policy, now),
  ];
}

function examinePermissions(home: string): Finding {
  const directory = join(home, 'identity');
  const paths = [home, directory, ...readdirSync(directory).map((name) => join(directory, name))];
  const open = paths.find((path) => (statSync(path).mode & 0o077) !== 0 && !path.endsWith('.pub'));
  if (open !== undefined) {
    return broken('permissions', `other users can reach ${open}`, `chmod go= ${open}`);
  }
  const own = process.getuid?.();
  const strange = paths.find((path) => own !== undefined && statSync(path).uid !== own);
  return strange === undefined
    ? ok('permissions', 'keys and state are reachable by their owner alone')
    : broken('permissions', `${strange} belongs to another user`, `chown ${own} ${strange}`);
}

function examineCertificate(home: string, policy: Policy | null, now: Date): Finding {
  const what = 'certificate';
  try {
    const certificate = readHostCertificate(home);
    if (certificate === null) {
      return warn(
        what,
        'nobody vouches for this computer: technicians compare its fingerprint',
        'have it certified: chaperoned enrol',
      );
    }
    const cas = policy?.organisation.cas ?? [];
    // Where the policy names no authority, the one that was believed when the certificate was taken is not known here.
    const own = cas.length === 0 ? [parsePublicKey(certificate.caBlob)] : cas;
    checkHostCertificate(certificate, machineKeys(home), own, now);
    const words = `certified by ${certificate.caFingerprint}, serial ${certificate.serial}, until ${formatInstant(certificate.validBefore)}`;
    const left = certificate.validBefore - BigInt(Math.floor(now.getTime() / 1000));
    return left < BigInt(SOON_MS / 1000)
      ? warn(what, words, 'it ends soon; have it signed anew: chaperoned enrol')
      : ok(what, words);
  } catch (error) {
    if (error instanceof ChaperoneError) {
      return broken(what, error.message, error.hint ?? 'have it signed anew: chaperoned enrol');
    }
    throw error;
  }
}
