// What the machine's owner decided, every value filled in. The rest of the daemon reads this and never the file.

import type { NotGiven } from '../../protocol/conversation.ts';
import type { SshPublicKey } from '../../protocol/identity/public-key.ts';
import { orderScopes, SCOPES, type Scope, SHELL_SCOPES } from '../../protocol/scopes.ts';
import { globFits } from './glob.ts';
import type { ListenAddress } from './listen-address.ts';

const WHY_MAX = 300; // characters; roles can be many, and their names long

/** A technician whom the machine's administrator listed by key, where no CA signs certificates. */
export interface ListedTechnician {
  readonly name: string;
  readonly phone: string;
  /** A key of {@link Policy.scopes}. */
  readonly role: string;
  readonly organisation: string | null;
  readonly key: SshPublicKey;
}

export interface Policy {
  /** Why nobody can have a session at all, as a sentence without a period; null while they can. */
  readonly closed: string | null;
  readonly machine: { readonly name: string; readonly hipaa: boolean };
  readonly listen: readonly ListenAddress[];
  readonly technicians: readonly ListedTechnician[];
  readonly organisation: {
    /** What people call it; shown beside technicians whose certificate names none. */
    readonly name: string | null;
    /** Keys that sign the certificates of technicians; empty: certificates are not taken. */
    readonly cas: readonly SshPublicKey[];
    /** Full paths of the lists of certificates and keys that are not good any more. */
    readonly revocations: readonly string[];
  };
  /** What each role may ask for, least powerful first. */
  readonly scopes: Readonly<Record<string, readonly Scope[]>>;
  readonly consent: {
    /** How long the local user has to answer, in ms. */
    readonly timeoutMs: number;
    /** A session ends after this time whatever happens, in ms. */
    readonly maxSessionMs: number;
    /** A session pauses when nobody has touched the machine for so long, in ms. */
    readonly pauseWhenAwayMs: number;
    /** Whether an ssh program that cannot pair may send the one-time code as typed: who is in between can read it. */
    readonly allowPlainCode: boolean;
  };
  readonly shell: { readonly program: string; readonly sandbox: 'strict' | 'off' };
  /** Patterns ({@link globFits}) for diagnostics that nobody may run. */
  readonly diagnostics: { readonly refuse: readonly string[] };
  readonly record: {
    /** What is recorded beside output. This version records no input. */
    readonly input: false;
    /** Bytes of the recording of one shell; the session ends before it grows beyond. */
    readonly maxBytes: number;
  };
}

/** The scopes that this version can carry out at all. */
export const OFFERED_SCOPES: readonly Scope[] = ['diagnostics', 'shell.suggest', 'shell', 'reboot'];

type Rules = Pick<Policy, 'closed' | 'scopes' | 'shell'>;

/** What somebody of these roles may be offered here and now, least powerful first. Roles add up; unknown ones add nothing. */
export function effectiveScopes(policy: Rules, roles: string | readonly string[]): Scope[] {
  return orderScopes([...listedScopes(policy, roles)].filter((scope) => whyNotOffered(policy, scope) === null));
}

function listedScopes(policy: Rules, roles: string | readonly string[]): Set<Scope> {
  const known = [roles].flat().filter((role) => Object.hasOwn(policy.scopes, role));
  return new Set(known.flatMap((role) => policy.scopes[role] ?? []));
}

/** Whether nobody may run the diagnostic of this id. */
export function refusesDiagnostic({ diagnostics }: Pick<Policy, 'diagnostics'>, id: string): boolean {
  return diagnostics.refuse.some((glob) => globFits(glob, id));
}

/** Why nobody can have `scope` on this machine, for the technician's screen; null when a role may list it. */
export function whyNotOffered(policy: Pick<Policy, 'closed' | 'shell'>, scope: Scope): string | null {
  if (policy.closed !== null) return policy.closed;
  if (!OFFERED_SCOPES.includes(scope)) {
    return `this version of the machine's program does not offer ${scope}`;
  }
  if (SHELL_SCOPES.includes(scope) && policy.shell.sandbox === 'strict') {
    return 'the policy asks for a sandbox around the shell, and this version has none';
  }
  return null;
}

/** Why `roles` cannot have `scope` under `policy`, for the technician's screen; null when they can. */
export function whyRefused(policy: Rules, roles: string | readonly string[], scope: Scope): string | null {
  // What would not help them anyway is not named first: a sandbox is no reason for a role that has no shell.
  const possible = policy.closed === null && OFFERED_SCOPES.includes(scope);
  if (!possible || listedScopes(policy, roles).has(scope)) return whyNotOffered(policy, scope);
  return `the machine's policy does not give ${scope} to the role ${[roles].flat().join(' or ')}`;
}

/** What of `scopes` the policy does not give to `roles`, and why. */
export function notGivenOf(
  policy: Rules,
  roles: string | readonly string[],
  scopes: readonly Scope[] = SCOPES,
): NotGiven[] {
  return scopes.flatMap((scope) => {
    const why = whyRefused(policy, roles, scope);
    return why === null ? [] : [{ scope, why: why.slice(0, WHY_MAX) }];
  });
}
