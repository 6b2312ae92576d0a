import { expect, it } from 'vitest';
import { errorReport } from './error-report.ts';
import { UsageError } from './errors.ts';

it('says what happened and what to do, in lines that do nothing to the terminal', () => {
  expect(errorReport('chaperone', new UsageError('no such \u001b[2Jthing', 'try \u0007another'))).toEqual({
    text: expect.stringMatching(/^chaperone: no such [^\u001b]*thing\n {2}try [^\u0007]*another\n$/),
    code: 2,
  });
  expect(errorReport('chaperone', new UsageError('no'))).toEqual({ text: 'chaperone: no\n', code: 2 });
});

it('shows a fault of ours whole, and asks for a report', () => {
  const { text, code } = errorReport('chaperoned', new TypeError('undefined is not a door'));
  expect(text).toMatch(/^chaperoned: an unexpected fault\nTypeError: undefined is not a door\n +at /);
  expect(text).toMatch(/please report it with these lines\n$/);
  expect(code).toBe(1);
});
