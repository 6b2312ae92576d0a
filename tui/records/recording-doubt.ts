// Whether a recording on this computer is what the technician's own log says it was: what whoever replays it reads first.

import { realpathSync } from 'node:fs';
import { hashOf } from '../../protocol/recording/promised.ts';
import type { Doubt } from '../dashboard/ports.ts';
import { timeInWords } from './amounts.ts';
import { isDamage, type LogWord, wordsOf } from './log-words.ts';
import type { OwnLog } from './own-log.ts';
import { openReceipt } from './receipt-view.ts';
import { namedPlace, type SessionStore } from './sessions.ts';

const SHORT_ID = 13; // letters of a session's ID: the millisecond in which it began

// Each fits a row of 80 cells.
const CHANGED: Doubt = { grave: true, words: 'This recording was CHANGED: it is not the one that your log knows.' };
const UNPROVEN: Doubt = { grave: true, words: 'Your log does not verify: nothing vouches for this recording.' };
const UNKNOWN: Doubt = {
  grave: false,
  words: 'Your log says nothing about this recording: it may have been changed.',
};
const UNREAD: Doubt = {
  grave: false,
  words: 'The key to what your log says of it is gone, or another: it may be changed.',
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
    const { words, unread } = await wordsOf(log);
    const word = words.get(path);
    if (word === undefined) {
      const [, session = ''] = path.split('/');
      return unread.has(session) ? UNREAD : live ? LIVE : UNKNOWN;
    }
    await word.prove();
    return word.sha256 === (await hashOf(file)) ? shortcomingOf(word) : CHANGED;
  });
}

/**
 * About a file from elsewhere, known by its content alone: null when it is a copy of a recording that the log vouches
 * for, or the machine's own recording as a receipt here has it. One in the folder of a session that it is not of is none.
 */
export function doubtAboutFile(log: OwnLog, sessions: SessionStore, file: string): Promise<Doubt | null> {
  return unlessDamaged(async () => {
    const found = await hashOf(realpathSync(file));
    const named = namedPlace(file);
    const said = named === null ? null : `sessions/${named.session}/${named.recording}`;
    const same = [...(await wordsOf(log)).words.values()].filter(({ sha256 }) => sha256 === found);
    const word = same.find(({ path }) => path === said) ?? same[0];
    await word?.prove();
    const path = word?.path ?? (found === null ? null : pathOnReceipt(sessions, found));
    if (path === null) {
      return UNHEARD_OF;
    }
    return said !== null && path !== said ? otherThan(path) : word === undefined ? null : shortcomingOf(word);
  });
}

/** Which recordings of `session` the log knows that are not there any more; none when the log does not verify. */
export async function removedFrom(log: OwnLog, sessions: SessionStore, session: string): Promise<readonly string[]> {
  const folder = `sessions/${session}/`;
  const there = new Set(sessions.recordings(session).map(({ id }) => folder + id));
  try {
    const known = [...(await wordsOf(log)).words.keys()].filter((path) => path.startsWith(folder) && !there.has(path));
    return known.map((path) => path.slice(folder.length)).sort();
  } catch (error) {
    if (isDamage(error)) {
      return []; // whatever is played is said to be unproven
    }
    throw error;
  }
}

function otherThan(path: string): Doubt {
  const [, session = '', recording = ''] = path.split('/');
  const words = `This is ${recording} of session ${session.slice(0, SHORT_ID)}, not what its name says.`;
  return { grave: true, words };
}

/** Where a machine has the recording with this hash, as it signed; null when no receipt here knows it. */
function pathOnReceipt(sessions: SessionStore, sha256: string): string | null {
  for (const { grant, machineKey } of sessions.list()) {
    const note = sessions.receiptNote(grant.session);
    const opened = note === null ? null : openReceipt(note, machineKey, grant.session);
    if (opened === null || opened.problem !== null) {
      continue;
    }
    const { shells, commands = [] } = opened.receipt;
    const found = [...shells, ...commands].find(({ recording }) => recording.sha256 === sha256);
    if (found !== undefined) {
      return `sessions/${grant.session}/${found.recording.file}`;
    }
  }
  return null;
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
