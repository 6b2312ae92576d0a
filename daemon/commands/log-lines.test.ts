// What someone reads who starts the daemon by hand.

import { expect, it } from 'vitest';
import { readableLine } from './log-lines.ts';

const TIME = new Date(2026, 10, 22, 14, 5, 9).getTime();
const line = (more: object) =>
  readableLine(JSON.stringify({ level: 30, time: TIME, pid: 1, hostname: 'h', name: 'chaperoned', ...more }));

it('is a time, words, and what belongs to them', () => {
  expect(line({ addresses: ['127.0.0.1:2200', '[::1]:2200'], msg: 'started' })).toBe(
    '14:05:09 started (addresses 127.0.0.1:2200 [::1]:2200)',
  );
  expect(line({ msg: 'stopping' })).toBe('14:05:09 stopping');
});

it('marks what went wrong, and says why', () => {
  expect(line({ level: 50, problem: { type: 'Error', message: 'disk full', stack: 'at …' }, msg: 'it broke' })).toBe(
    '14:05:09 ! it broke (problem disk full)',
  );
});

it('lets nothing through that drives the terminal', () => {
  expect(line({ reason: 'a\u001b]0;owned\u0007b\nc', msg: 'no session' })).not.toMatch(/[\u001b\u0007\n]/);
});
