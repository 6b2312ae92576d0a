// What the person's account is called here.

import { userInfo } from 'node:os';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';

/** The account's name, one safe line; empty where there is none. */
export function userName(): string {
  try {
    return sanitiseLine(userInfo().username, 80);
  } catch {
    return ''; // a user ID without an account, as in containers
  }
}
