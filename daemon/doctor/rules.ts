// What holds on this machine: the policy with its layers, who signs for technicians, and what was taken back.

import { ChaperoneError } from '../../protocol/errors.ts';
import { openRevocations } from '../../protocol/identity/signed-revocations.ts';
import { readSigned } from '../identity/signed-file.ts';
import { type LoadedPolicy, loadPolicy } from '../policy/load.ts';
import { broken, type Finding, ok, warn } from './finding.ts';

export interface ExaminedRules {
  readonly loaded: LoadedPolicy | null;
  readonly findings: readonly Finding[];
}

export async function examineRules(file: string, home: string): Promise<ExaminedRules> {
  let loaded: LoadedPolicy;
  try {
    loaded = await loadPolicy(file, { home });
  } catch (error) {
    return { loaded: null, findings: [failed('policy', error)] };
  }
  const { policy, organisation, trouble, warnings } = loaded;
  const findings = [ok('policy', `${loaded.file} (SHA-256 ${loaded.sha256.slice(0, 16)}…)`)];
  if (organisation !== null) {
    findings.push(ok('policy', `narrowed by ${organisation.file}, signed by ${organisation.signedBy}`));
  }
  if (trouble !== null) findings.push(failed('policy', trouble));
  for (const warning of warnings) findings.push(warn('policy', warning, `see what holds: chaperoned policy explain`));
  const { cas } = policy.organisation;
  findings.push(
    cas.length === 0
      ? warn(
          'authority',
          'no authority signs for technicians: keys are listed one by one',
          'make one: chaperone-hub ca init',
        )
      : ok('authority', `technicians are certified by ${cas.map(({ fingerprint }) => fingerprint).join(', ')}`),
  );
  findings.push(...(await Promise.all(policy.organisation.revocations.map((list) => examineList(list, loaded)))));
  if (cas.length > 0 && policy.organisation.revocations.length === 0) {
    findings.push(
      warn(
        'revocations',
        'no list says which certificates were taken back',
        'write one: chaperone-hub ca revoke, and name it under organisation.revocations',
      ),
    );
  }
  return { loaded, findings };
}

async function examineList(file: string, { policy }: LoadedPolicy): Promise<Finding> {
  try {
    const { bytes, signature } = await readSigned(file);
    const { list, signer } = openRevocations(bytes, signature, policy.organisation.cas);
    return ok('revocations', `${file}, number ${list.sequence}, signed by ${signer.fingerprint}`);
  } catch (error) {
    return failed('revocations', error);
  }
}

function failed(what: string, error: unknown): Finding {
  if (error instanceof ChaperoneError) {
    return broken(what, error.message, error.hint ?? 'chaperoned policy check');
  }
  throw error;
}
