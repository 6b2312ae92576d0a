// What the person reads about a refusal must not make an offence of a question.

import { expect, it } from 'vitest';
import { noticeOf } from './notices.ts';

const refused = (what: string) =>
  noticeOf({ type: 'ssh.refused', fields: { what, detail: 'outside the grant', suppressed: 0 } } as never);

it('tells asking for too much from doing what was not allowed', () => {
  expect(refused('scope.request reboot')).toMatch(/asked for a permission/);
  expect(refused('control shell.suggest')).toMatch(/wanted to suggest a command/);
  expect(refused('channel session')).toMatch(/tried something that you did not allow/);
});
