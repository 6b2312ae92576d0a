// Every SSH request that a technician's client can make, and what the machine answers (DESIGN.md §7). Default deny.

import { type Scope, SHELL_SCOPES } from './scopes.ts';

/** A request as RFC 4254 names it: `kind` says where it travels, `name` which it is. */
export interface SshRequest {
  readonly kind: 'channel' | 'channel request' | 'subsystem' | 'global request' | 'environment';
  readonly name: string;
}

export type SshVerdict =
  | { readonly allowed: true }
  /** `reason` is for the technician. */
  | { readonly allowed: false; readonly reason: string };

export interface SshRow {
  readonly kind: SshRequest['kind'];
  /** Exact name, or a pattern with one trailing `*`. */
  readonly name: string;
  /** What opens it: any grant, one of some scopes, or nothing at all. */
  readonly needs: 'any grant' | readonly Scope[] | 'never';
  readonly reason: string;
}

const FORWARDING = 'this program forwards no ports, sockets or displays';

/** The whole table. What is not in it is refused. */
export const SSH_SURFACE: readonly SshRow[] = [
  { kind: 'channel', name: 'session', needs: 'any grant', reason: 'the person has not allowed a session' },
  { kind: 'channel request', name: 'pty-req', needs: SHELL_SCOPES, reason: 'the person did not allow a shell' },
  { kind: 'channel request', name: 'shell', needs: SHELL_SCOPES, reason: 'the person did not allow a shell' },
  { kind: 'channel request', name: 'window-change', needs: SHELL_SCOPES, reason: 'the person did not allow a shell' },
  { kind: 'channel request', name: 'signal', needs: SHELL_SCOPES, reason: 'the person did not allow a shell' },
  {
    kind: 'channel request',
    name: 'exec',
    needs: ['shell.suggest'],
    reason: 'single commands are run only as suggestions that the person approves: ask for shell.suggest',
  },
  { kind: 'channel request', name: 'x11-req', needs: 'never', reason: FORWARDING },
  { kind: 'channel request', name: 'auth-agent-req@openssh.com', needs: 'never', reason: 'keys are never forwarded' },
  { kind: 'subsystem', name: 'chaperone', needs: 'any grant', reason: 'the person has not allowed a session' },
  { kind: 'subsystem', name: 'sftp', needs: 'never', reason: 'files are not transferred' },
  { kind: 'environment', name: 'LANG', needs: 'any grant', reason: '' },
  { kind: 'environment', name: 'TERM', needs: 'any grant', reason: '' },
  { kind: 'environment', name: 'LC_*', needs: 'any grant', reason: '' },
  { kind: 'channel request', name: 'eow@openssh.com', needs: 'any grant', reason: '' },
  { kind: 'channel request', name: 'env', needs: 'any grant', reason: 'the person has not allowed a session' },
  { kind: 'channel request', name: 'subsystem', needs: 'any grant', reason: 'the person has not allowed a session' },
  { kind: 'global request', name: 'no-more-sessions@openssh.com', needs: 'any grant', reason: '' },
  { kind: 'global request', name: 'keepalive@openssh.com', needs: 'any grant', reason: '' },
  { kind: 'channel', name: 'direct-tcpip', needs: 'never', reason: FORWARDING },
  { kind: 'channel', name: 'direct-streamlocal@openssh.com', needs: 'never', reason: FORWARDING },
  { kind: 'global request', name: 'tcpip-forward', needs: 'never', reason: FORWARDING },
  { kind: 'global request', name: 'cancel-tcpip-forward', needs: 'never', reason: FORWARDING },
  { kind: 'global request', name: 'streamlocal-forward@openssh.com', needs: 'never', reason: FORWARDING },
  { kind: 'global request', name: 'cancel-streamlocal-forward@openssh.com', needs: 'never', reason: FORWARDING },
];

const UNKNOWN = 'the machine does not know this request';

/** Promise 8 on the machine's side: whether `request` may have an effect under a grant of `scopes` (empty = no grant). */
export function decideSsh(request: SshRequest, scopes: readonly Scope[]): SshVerdict {
  const row = SSH_SURFACE.find(
    (candidate) => candidate.kind === request.kind && nameMatches(candidate.name, request.name),
  );
  if (row === undefined) {
    return { allowed: false, reason: UNKNOWN };
  }
  const { needs } = row;
  const allowed =
    needs !== 'never' && scopes.length > 0 && (needs === 'any grant' || needs.some((scope) => scopes.includes(scope)));
  return allowed ? { allowed } : { allowed, reason: row.reason === '' ? UNKNOWN : row.reason };
}

function nameMatches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
