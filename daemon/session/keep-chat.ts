// What the two people wrote to each other, kept beside the recordings: the person can read it afterwards with any
// program that shows text. The log holds the same messages, sealed.

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../machine.ts';
import { sessionDirectory } from './directory.ts';
import type { Session } from './session.ts';

export const CHAT_FILE = 'chat.txt';

export function keepChat(session: Session, machine: Machine): void {
  const { name } = session.grant.technician;
  const listening = session.chat.on(({ from, text, at }) => {
    const who = from === 'technician' ? name : 'the person at the machine';
    try {
      const file = join(sessionDirectory(machine.home, session.id), CHAT_FILE);
      appendFileSync(file, `${at} ${who}: ${text.replaceAll('\n', '\n  ')}\n`, { mode: 0o600 });
    } catch (problem) {
      machine.logger.error({ session: session.id, problem }, 'the chat could not be kept as text');
      session.loseRecorder('the chat cannot be kept');
    }
  });
  session.over.addEventListener('abort', () => listening[Symbol.dispose](), { once: true });
}
