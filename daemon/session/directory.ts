// Where the machine keeps what belongs to one session: its grant, recordings and receipt.

import { join } from 'node:path';
import { privateDirectory } from '../../protocol/home.ts';

export function sessionDirectory(home: string, session: string): string {
  return privateDirectory(join(home, 'sessions', session));
}
