// What a technician reads over their session, and which keys they are offered.

import { expect, it } from 'vitest';
import { activePlaces } from './active-places.ts';
import { sessionNotice } from './session-notice.ts';

it('says that a key which does not count yet will in a moment', () => {
  const active = { state: 'active', because: '' } as const;
  const asking = { asking: true, tab: 'Shell', inShell: false } as const;
  expect(sessionNotice(active, { ...asking, armed: false })?.keys).toEqual(['y  works in a moment    n  go on']);
  expect(sessionNotice(active, { ...asking, armed: true })?.keys).toEqual(['y  end it    n  go on']);
  const ended = { state: 'ended', because: 'r' } as const;
  expect(sessionNotice(ended, { ...asking, armed: false })?.keys).toEqual(['Enter  works in a moment']);
});

it('offers no key for a shell where there is none', () => {
  const active = { state: 'active' } as const;
  expect(activePlaces(active, false, false, 'Shell', 'list', null, true)).toContain('shellTab');
  expect(activePlaces(active, false, false, 'Shell', 'list', null, false)).toEqual(['session', 'everywhere']);
});

it('offers no key of the session where letters are text', () => {
  const active = { state: 'active' } as const;
  for (const place of ['form', 'entry', 'message', 'note'] as const)
    expect(activePlaces(active, false, false, 'Ask', place, null, true)).toEqual([place]);
});
