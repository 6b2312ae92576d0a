// The organisation's own policy: a file that one of its signers signed (SSHSIG), and that never goes back to an older
// version. It can only narrow what the machine's policy allows.

import { createHash } from 'node:crypto';
import type { SshPublicKey } from '../../protocol/identity/public-key.ts';
import { NAMESPACES, verifySshsig } from '../../protocol/identity/sshsig.ts';
import { PolicyRefused, PolicyUnusable } from './errors.ts';
import { parseOrganisationPolicy } from './parse.ts';
import type { OrganisationPolicyFile } from './schema.ts';
import type { SeenVersion } from './seen-version.ts';
import type { WrittenSettings } from './settings.ts';
import { readTrusted, readTrustedText } from './trusted-file.ts';
import { writtenSettings } from './written.ts';

export interface OrganisationPolicy extends SeenVersion {
  readonly settings: WrittenSettings;
  /** Full path. */
  readonly file: string;
  /** Fingerprint of the key that signed it. */
  readonly signedBy: string;
}

/** Where `ssh-keygen -Y sign` puts the signature of `file`. */
export function signatureFile(file: string): string {
  return `${file}.sig`;
}

/**
 * @param seen the newest version that this machine has obeyed
 * @throws PolicyUnusable when it is missing, not signed by one of `signers`, or older than `seen`
 * @throws PolicyRefused with every problem in it
 */
export async function loadOrganisationPolicy(
  file: string,
  signers: readonly SshPublicKey[],
  seen: SeenVersion | null,
): Promise<OrganisationPolicy> {
  const { text, bytes } = await readTrustedText(file, {
    what: "organisation's policy",
    whenMissing: 'put it there, or take organisation.policy out of the policy of this computer',
  });
  const signature = await readTrusted(signatureFile(file), {
    what: "signature of the organisation's policy",
    whenMissing: `sign it: ssh-keygen -Y sign -f KEY -n ${NAMESPACES.policy} ${file}`,
  });
  const signer = verifySshsig(signature.toString('latin1'), bytes, NAMESPACES.policy, signers);
  if (signer === null) {
    throw new PolicyUnusable(
      `${file} is not signed by a key that this computer knows for it`,
      `sign it anew with one of ${signers.map((key) => key.fingerprint).join(', ')}: ssh-keygen -Y sign -f KEY -n ${NAMESPACES.policy} ${file}`,
    );
  }
  const written = readOrganisationPolicy(file, text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  refuseOlder(file, { version: written.version, sha256 }, seen);
  return { settings: writtenSettings(written), version: written.version, file, sha256, signedBy: signer.fingerprint };
}

/** What the organisation's policy says, whoever wrote it: before it is signed. @throws PolicyUnusable or PolicyRefused */
export async function checkOrganisationPolicy(file: string): Promise<OrganisationPolicyFile> {
  const { text } = await readTrustedText(file, { what: "organisation's policy", whenMissing: 'name the file itself' });
  return readOrganisationPolicy(file, text);
}

function readOrganisationPolicy(file: string, text: string): OrganisationPolicyFile {
  const { file: written, problems } = parseOrganisationPolicy(text);
  if (written === null) throw new PolicyRefused(file, problems, 'organisation');
  return written;
}

function refuseOlder(file: string, { version, sha256 }: SeenVersion, seen: SeenVersion | null): void {
  if (seen === null || version > seen.version || (version === seen.version && sha256 === seen.sha256)) return;
  const hint = `give it a version above ${seen.version} and sign it again`;
  throw version < seen.version
    ? new PolicyUnusable(`${file} is version ${version}, and this computer has seen version ${seen.version}`, hint)
    : new PolicyUnusable(`${file} was changed, and still says that it is version ${version}`, hint);
}
