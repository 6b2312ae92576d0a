import { expect, it } from 'vitest';
import type { AuditEventView } from '../../../protocol/control/messages.ts';
import type { Scope } from '../../../protocol/scopes.ts';
import { whyNoShell } from './no-shell.ts';

const event = (type: string, fields: AuditEventView['fields']): AuditEventView => ({
  seq: 1,
  time: '2026-11-22T10:00:00.000Z',
  type,
  severity: 'notice',
  fields,
});
const asked: readonly Scope[] = ['diagnostics', 'shell'];

it('says who left a session without a shell: nobody asked, the policy, the person, or whoever took it back', () => {
  const refused = event('request.made', { refusedByPolicy: ['shell'] });
  const answered = event('scope.requested', { asked: ['shell'], refusedByPolicy: [] });
  const taken = (by: string) => event('grant.changed', { by, withdrawn: ['shell'] });
  expect(whyNoShell(['diagnostics'], [])).toContain('did not ask for a shell');
  expect(whyNoShell(asked, [refused])).toContain("machine's policy does not offer");
  expect(whyNoShell(asked, [])).toContain('local user has not allowed a shell');
  expect(whyNoShell(['diagnostics'], [answered])).toContain('local user has not allowed a shell');
  expect(whyNoShell(asked, [taken('local user')])).toContain('local user has taken the shell back');
  expect(whyNoShell(asked, [taken('machine')])).toContain("machine's policy has taken the shell back");
});
