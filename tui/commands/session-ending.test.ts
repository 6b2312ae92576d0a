// What a script reads when a session is over: 6 when the other side ended it, also when that was in the same moment.

import { expect, it } from 'vitest';
import { LocalSession } from '../../test/dashboard/local-session.ts';
import type { ReceiptView, SessionSnapshot } from '../dashboard/ports.ts';
import { endingOf } from './session-ending.ts';

const signed = (endedBy: ReceiptView['endedBy']): ReceiptView => ({ verified: true, endedBy, sections: [] });

const form = { address: '482913077', code: '', reason: 'r', ticket: 't', scopes: ['diagnostics'] as const };

/** How it ends for who asked for the end (or did not) and has got this receipt. */
function ending(endAsked: boolean, receipt: ReceiptView | null) {
  const session = new LocalSession(form);
  const over: SessionSnapshot = { ...session.snapshot(), state: 'ended', because: 'why', endAsked, receipt };
  return endingOf(over, session.id);
}

it.each([
  ['the technician', true, signed('technician'), 0],
  ['the person', false, signed('local user'), 6],
  ['the person, a moment before the technician', true, signed('local user'), 6],
  ['the technician, whose word was on its way', false, signed('technician'), 0],
  ['a connection that broke', false, null, 6],
  ['the technician, and no receipt came', true, null, 0],
  ['a receipt that somebody changed', true, { ...signed('technician'), verified: { problem: 'changed' } }, 5],
])('ended by %s', (_who, endAsked, receipt, code) => {
  const { words, ...rest } = ending(endAsked, receipt);
  expect(rest).toEqual({ code, byTechnician: code !== 6 });
  expect(words[0]).toBe('why');
  expect(words).toHaveLength(2);
});
