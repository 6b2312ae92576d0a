// Whether a recording on this computer is what the technician's own log says it was: what whoever replays it reads first.

import { hashOf } from '../../protocol/recording/promised.ts';
import type { Doubt } from '../dashboard/ports.ts';
import { timeInWords } from './amounts.ts';
import { isDamage, type LogWord, wordsOf } from './log-words.ts';
import type { OwnLog } from './own-log.ts';

// Each fits a row of 80 cells.
const CHANGED: Doubt = { grave: true, words: 'This recording was CHANGED: it is not the one that your log knows.' };
const UNPROVEN: Doubt = { grave: true, words: 'Your log does not verify: nothing vouches for this recording.' };
const UNKNOWN: Doubt = {
  grave: false,
  words: 'Your log says nothing about this recording: it may have been changed.',
};
const LIVE: Doubt = { grave: false, words: 'Still being recorded: your log knows it once the shell is closed.' };
const CUT_SHORT: Doubt = {
  grave: false,
  words: 'The end is missing: it could not be written any more, as your log says.',
};

export interface Examined {
  readonly file: string;
  /** Below the technician's directory; null for a file elsewhere, which may be a copy of any recording of theirs. */
  readonly path: string | null;
  /** Its session goes on. */
  readonly live: boolean;
}

/** Null when the log vouches for all of it. Reads the file once. */
export async function doubtAbout(log: OwnLog, { file, path, live }: Examined): Promise<Doubt | null> {
  try {
    const words = await wordsOf(log);
    const found = await hashOf(file);
    const word = path === null ? [...words.values()].find(({ sha256 }) => sha256 === found) : words.get(path);
    await word?.prove();
    if (word === undefined) {
      return live ? LIVE : UNKNOWN;
    }
    return word.sha256 === found ? shortcomingOf(word) : CHANGED;
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
