// What somebody typed as a one-time code: a slip that can be seen here costs no try.

import { OneTimeCodeError, parseOneTimeCode } from '../../protocol/one-time-code.ts';

/** Whether some machine can have shown this. */
export function isCode(typed: string): boolean {
  return whyNoCode(typed) === '';
}

/** Why `typed` is no code of any machine, in a sentence; empty when it is one. */
export function whyNoCode(typed: string): string {
  try {
    parseOneTimeCode(typed);
    return '';
  } catch (error) {
    if (error instanceof OneTimeCodeError) {
      return `${error.message[0]?.toUpperCase()}${error.message.slice(1)}: ${error.hint}.`.replace('?.', '?');
    }
    throw error;
  }
}
