// What the person wrote when they asked for help: kept on this machine until the next technician is told.

import { readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sanitiseText } from '../../protocol/terminal/sanitise.ts';
import type { MachineLog } from '../audit/machine-log.ts';
import type { Session } from '../session/session.ts';

/** Characters: it has to fit into one chat message. */
export const WISH_MAX = 1900;
const WISH_LINES = 30;
const FILE = 'help.json';

const Wish = z.strictObject({ text: z.string().min(1).max(2000), askedAt: z.iso.datetime() });
export type Wish = z.infer<typeof Wish>;

export class HelpWish {
  readonly #file: string;
  readonly #log: MachineLog;
  #wish: Wish | null;

  constructor(home: string, log: MachineLog) {
    this.#file = join(home, FILE);
    this.#log = log;
    this.#wish = readWish(this.#file);
  }

  get present(): Wish | null {
    return this.#wish;
  }

  /** Keeps these words instead of former ones. Empty words take the wish back. */
  async ask(text: string): Promise<void> {
    const clean = sanitiseText(text, { maxLength: WISH_MAX, maxLines: WISH_LINES }).trim();
    await this.#log.append('help.asked', { text: clean });
    if (clean === '') {
      this.#forget();
      return;
    }
    const wish = { text: clean, askedAt: new Date().toISOString() };
    await writeFile(this.#file, JSON.stringify(wish), { mode: 0o600, flush: true });
    this.#wish = wish;
  }

  /** Tells the technician of this session, if there is something to tell; then it is done with. */
  async tell(session: Session): Promise<void> {
    const wish = this.#wish;
    if (wish === null) return;
    this.#forget();
    const message = { from: 'local user' as const, text: `Asked for help before you came: ${wish.text}` };
    await this.#log.append('chat.message', message, { session: session.id });
    session.counters.helpAsked = wish.text;
    session.chat.emit({ ...message, at: new Date().toISOString() });
  }

  #forget(): void {
    this.#wish = null;
    rmSync(this.#file, { force: true });
  }
}

function readWish(file: string): Wish | null {
  try {
    return Wish.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null; // none, or one that was cut by a crash: the person can ask again
  }
}
