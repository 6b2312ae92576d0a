// Whether a recording on this computer is what the technician's own log says it was: what whoever replays it reads first.

import { hashOf } from '../../protocol/recording/promised.ts';
import type { Doubt } from '../dashboard/ports.ts';
import { timeInWords } from './amounts.ts';
import { isDamage, type LogWord, wordsOf } from './log-words.ts';
import type { OwnLog } from './own-log.ts';
import { openReceipt } from './receipt-view.ts';
import type { SessionStore } from './sessions.ts';

// Each fits a row of 80 cells.
const CHANGED: Doubt = { grave: true, words: 'This recording was CHANGED: it is not the one that your log knows.' };
const UNPROVEN: Doubt = { grave: true, words: 'Your log does not verify: nothing vouches for this recording.' };
const UNKNOWN: Doubt = {
  grave: false,
  words: 'Your log says nothing about this recording: it may have been changed.',
};
const UNHEARD_OF: Doubt = {
  grave: false,
  words: 'Neither your log nor a receipt knows this recording: it may have been changed.',
};
const LIVE: Doubt = { grave: false, words: 'Still being recorded: your log knows it once the shell is closed.' };
const CUT_SHORT: Doubt = {
  grave: false,
  words: 'The end is missing: it could not be written any more, as your log says.',
};

export interface Examined {
  readonly file: string;
  /** Below the technician's directory. */
  readonly path: string;
  /** Its session goes on. */
  readonly live: boolean;
}

/** Null when the log vouches for all of it. Reads the file once. */
export function doubtAbout(log: OwnLog, { file, path, live }: Examined): Promise<Doubt | null> {
  return unlessDamaged(async () => {
    const word = (await wordsOf(log)).get(path);
    if (word === undefined) {
      return live ? LIVE : UNKNOWN;
    }
    await word.prove();
    return word.sha256 === (await hashOf(file)) ? shortcomingOf(word) : CHANGED;
  });
}

/**
 * About a file from elsewhere, known by its content alone: null when it is a copy of a recording that the log vouches
 * for, or the machine's own recording as a receipt here has it.
 */
export function doubtAboutFile(log: OwnLog, sessions: SessionStore, file: string): Promise<Doubt | null> {
  return unlessDamaged(async () => {
    const found = await hashOf(file);
    const word = [...(await wordsOf(log)).values()].find(({ sha256 }) => sha256 === found);
    if (word === undefined) {
      return found !== null && isOnReceipt(sessions, found) ? null : UNHEARD_OF;
    }
    await word.prove();
    return shortcomingOf(word);
  });
}

function isOnReceipt(sessions: SessionStore, sha256: string): boolean {
  return sessions.list().some(({ grant, machineKey }) => {
    const note = sessions.receiptNote(grant.session);
    const opened = note === null ? null : openReceipt(note, machineKey, grant.session);
    if (opened === null || opened.problem !== null) {
      return false;
    }
    const { shells, commands = [] } = opened.receipt;
    return [...shells, ...commands].some(({ recording }) => recording.sha256 === sha256);
  });
}

async function unlessDamaged(look: () => Promise<Doubt | null>): Promise<Doubt | null> {
  try {
    return await look();
  } catch (error) {
    if (isDamage(error)) {
      return UNPROVEN;
    }
    throw error;
  }
}

function shortcomingOf({ late, complete, time }: LogWord): Doubt | null {
  if (late) {
    return {
      grave: false,
      words: `Found after a crash: your log knows it only since ${timeInWords(time)}.`,
    };
  }
  return complete ? null : CUT_SHORT;
}
