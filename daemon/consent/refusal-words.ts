// Why a question led to nothing, in the words that the technician reads.

import type { Refusing } from './desk.ts';

export function refusalWords(answer: Refusing, where: string): string {
  switch (answer.kind) {
    case 'declined':
      return `the person at ${where} said no`;
    case 'nobody':
      return answer.reason;
    case 'expired':
      return `nobody at ${where} answered in time`;
    case 'withdrawn':
      return 'the question was withdrawn';
  }
}

/** For the log: what was answered, or why nobody did. */
export function refusalReason(answer: Refusing): string {
  return 'reason' in answer ? answer.reason : answer.kind;
}
