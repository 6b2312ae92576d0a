import { describe, expect, it } from 'vitest';
import { SCOPES } from './scopes.ts';
import { decideSsh, SSH_SURFACE, type SshRequest } from './ssh-surface.ts';

const requestOf = (kind: SshRequest['kind'], name: string): SshRequest => ({ kind, name: name.replace('*', 'TIME') });

describe('what SSH may do, row by row', () => {
  describe.each(SSH_SURFACE)('$kind $name', ({ kind, name, needs }) => {
    it('is refused before consent', () => {
      expect(decideSsh(requestOf(kind, name), []).allowed).toBe(false);
    });

    it(`needs ${needs}`, () => {
      const allowed = SCOPES.filter((scope) => decideSsh(requestOf(kind, name), [scope]).allowed);
      const expected = needs === 'never' ? [] : needs === 'any grant' ? [...SCOPES] : [...needs];
      expect(allowed).toEqual(expected);
    });
  });

  // Written down once more, by hand: a row that is opened by mistake must not take its test with it.
  it.each([
    ['channel request', 'x11-req'],
    ['channel request', 'auth-agent-req@openssh.com'],
    ['subsystem', 'sftp'],
    ['channel', 'direct-tcpip'],
    ['channel', 'direct-streamlocal@openssh.com'],
    ['global request', 'tcpip-forward'],
    ['global request', 'cancel-tcpip-forward'],
    ['global request', 'streamlocal-forward@openssh.com'],
    ['global request', 'cancel-streamlocal-forward@openssh.com'],
  ] as const)('refuses under every grant: %s %s', (kind, name) => {
    expect(decideSsh({ kind, name }, SCOPES).allowed).toBe(false);
  });

  it('takes a single command as a suggestion, or not at all', () => {
    const exec = { kind: 'channel request', name: 'exec' } as const;
    expect(SCOPES.filter((scope) => decideSsh(exec, [scope]).allowed)).toEqual(['shell.suggest']);
  });

  it.each([
    { kind: 'channel', name: 'x11' },
    { kind: 'channel', name: 'auth-agent@openssh.com' },
    { kind: 'channel', name: 'forwarded-tcpip' },
    { kind: 'subsystem', name: 'netconf' },
    { kind: 'environment', name: 'LD_PRELOAD' },
    { kind: 'environment', name: 'PATH' },
    { kind: 'channel request', name: 'break' },
    { kind: 'global request', name: 'hostkeys-prove-00@openssh.com' },
  ] as const)('refuses what is not in the table: $kind $name', (request) => {
    expect(decideSsh(request, SCOPES)).toEqual({ allowed: false, reason: 'the machine does not know this request' });
  });

  it('does not take a pattern for a name', () => {
    expect(decideSsh({ kind: 'environment', name: 'LC' }, SCOPES).allowed).toBe(false);
    expect(decideSsh({ kind: 'environment', name: 'LC_ALL' }, SCOPES).allowed).toBe(true);
    expect(decideSsh({ kind: 'environment', name: 'LANGUAGE' }, SCOPES).allowed).toBe(false);
  });
});
