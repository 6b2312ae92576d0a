// What the holder of a certificate would be here: the same judgement as at the door, before anybody knocks.

import type { RevocationVerdict } from '../../protocol/identity/check-certificate.ts';
import { splitLine } from '../../protocol/identity/public-key.ts';
import { whyRevoked } from '../../protocol/identity/revoked.ts';
import { openRevocations, type SignedRevocations } from '../../protocol/identity/signed-revocations.ts';
import { WireError } from '../../protocol/identity/ssh-wire.ts';
import type { TechnicianIdentity } from '../../protocol/request.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { judgeKey, type KeyFacts, type KeyVerdict, wordsFor } from '../identity/judge-key.ts';
import { readSigned } from '../identity/signed-file.ts';
import { PolicyUnusable } from './errors.ts';
import type { Policy } from './policy.ts';
import { scopesNow, whyNoLonger } from './standing.ts';
import { readTrustedText } from './trusted-file.ts';

export interface JudgedFile {
  /** Null when nobody is believed to be behind it. */
  readonly technician: TechnicianIdentity | null;
  /** Why they would not be let in, as the technician reads it; null when they would. */
  readonly refused: string | null;
  /** What they could be given, least powerful first. */
  readonly scopes: readonly Scope[];
  /**
   * The name under which the policy lists the key of this certificate: that key is let in without it, also once the
   * certificate ends or is taken back by its number. Null when it is not listed, or taken back itself.
   */
  readonly alsoListedAs: string | null;
}

/** @param address of the technician's program, as far as a certificate is bound to one */
export async function judgeFile(file: string, policy: Policy, address = '127.0.0.1'): Promise<JudgedFile> {
  const { text } = await readTrustedText(file, { what: 'certificate', whenMissing: 'name the -cert.pub file' });
  let key: ReturnType<typeof splitLine>;
  try {
    key = splitLine(text);
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new PolicyUnusable(`${file}: ${cause.message}`, 'name the -cert.pub file that ssh-keygen -s wrote', cause);
  }
  const lists = await revocationsOf(policy);
  const facts: KeyFacts = {
    policy,
    now: new Date(),
    address,
    revoked: ({ key, certificate }) => {
      let unknown: RevocationVerdict | null = null;
      for (const list of lists) {
        // As at the door: what another list takes back is taken back, also beside one that cannot be believed.
        if ('reason' in list) {
          unknown ??= list;
          continue;
        }
        const why = whyRevoked(list.list, key, certificate);
        if (why !== null) return { reason: 'revoked', detail: why };
      }
      return unknown;
    },
  };
  const verdict = judgeKey(...key, facts);
  return { ...outcomeOf(verdict, policy), alsoListedAs: alsoListedAs(verdict, facts) };
}

function alsoListedAs(verdict: KeyVerdict, facts: KeyFacts): string | null {
  if (!('credential' in verdict) || verdict.credential.certificate === null) return null;
  const { type, blob } = verdict.credential.key;
  const alone = judgeKey(type, blob, facts);
  return alone.kind === 'technician' ? alone.technician.name : null;
}

function outcomeOf(verdict: KeyVerdict, policy: Policy): Omit<JudgedFile, 'alsoListedAs'> {
  switch (verdict.kind) {
    case 'unknown':
      return { technician: null, refused: 'This computer does not know this key.', scopes: [] };
    case 'unreadable':
    case 'refused':
      return { technician: null, refused: wordsFor(verdict.refused), scopes: [] };
    case 'technician': {
      const { technician } = verdict;
      return { technician, refused: whyNoLonger(policy, technician), scopes: scopesNow(policy, technician) };
    }
  }
}

/** A list that cannot be believed refuses, as it does at the door. */
function revocationsOf(policy: Policy): Promise<(SignedRevocations | RevocationVerdict)[]> {
  const { revocations, cas } = policy.organisation;
  return Promise.all(
    revocations.map(async (file) => {
      try {
        const { bytes, signature } = await readSigned(file);
        return openRevocations(bytes, signature, cas);
      } catch (error) {
        const detail = `${file}: ${error instanceof Error ? error.message : 'it cannot be read'}`;
        return { reason: 'revocations-unknown', detail } as const;
      }
    }),
  );
}
