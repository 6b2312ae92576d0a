// The nine digits by which a machine is called: easy to say, and a slip of the tongue is caught before anyone dials.

import { randomInt } from 'node:crypto';
import { ChaperoneError, EXIT } from './errors.ts';

const DIGITS = 9;
const MAX_INPUT = 64; // characters; nobody spaces nine digits out further

/**
 * Damm's totally anti-symmetric quasigroup of order 10 (H. Michael Damm, "Total anti-symmetrische Quasigruppen",
 * Marburg 2004): the last digit catches every single wrong digit and every swap of neighbours.
 */
const DAMM: readonly string[] = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
];

const EXAMPLE = '482 913 077';

/** The text is no connection ID. */
export class ConnectionIdError extends ChaperoneError {
  constructor(message: string, hint: string) {
    super(message, { hint, exitCode: EXIT.usage });
  }
}

/** Nine digits, the first not 0, the last a check digit: the canonical form. */
export function isConnectionId(text: string): boolean {
  return /^[1-9][0-9]{8}$/.test(text) && remainder(text) === 0;
}

/** A new one at random, 90 million possible. Whoever hands it out sees to it that it is not taken. */
export function newConnectionId(): string {
  const body = String(randomInt(10 ** (DIGITS - 2), 10 ** (DIGITS - 1)));
  return body + checkDigit(body);
}

/**
 * Canonical form of what a person typed: spaces, dots, hyphens and the like may stand anywhere.
 *
 * @throws {ConnectionIdError} with a hint of what is wrong
 */
export function parseConnectionId(text: string): string {
  const digits = text.slice(0, MAX_INPUT).replace(/[\s.,_/()\u2010-\u2015-]/gu, '');
  if (text.length > MAX_INPUT || !/^[0-9]+$/.test(digits)) {
    throw new ConnectionIdError('this is not a connection ID', `it has nine digits, like ${EXAMPLE}`);
  }
  if (digits.length !== DIGITS) {
    const count = digits.length === 1 ? 'only 1 digit was' : `${digits.length} digits were`;
    throw new ConnectionIdError('this is not a connection ID', `it has nine digits, like ${EXAMPLE}; ${count} given`);
  }
  if (!isConnectionId(digits)) {
    throw new ConnectionIdError(
      `${spaced(digits)} is not a connection ID`,
      'one digit seems to be mistyped, or two are swapped; ask for the number again',
    );
  }
  return digits;
}

/** As people read it: `482 913 077`. */
export function formatConnectionId(id: string): string {
  return spaced(id);
}

function spaced(digits: string): string {
  return `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`;
}

function remainder(digits: string): number {
  let interim = 0;
  for (const digit of digits) interim = step(interim, Number(digit));
  return interim;
}

/** The diagonal of the table is 0, so the digit that leads to 0 is the interim one itself. */
function checkDigit(body: string): string {
  return String(remainder(body));
}

function step(interim: number, digit: number): number {
  return Number(DAMM[interim]?.[digit]);
}
