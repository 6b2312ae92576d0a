// What came of the person's own keys, in words.

import type { CommandAnswer } from '../consent/command-question.ts';

export type SessionAction = 'pause' | 'resume' | 'end';

/** After the person answered a suggested command. */
export const COMMAND_NEWS: Readonly<Record<CommandAnswer['answer'], string>> = {
  approve: 'You approved the command. What it shows is in the other window: chaperoned watch',
  edit: 'You changed the command. You are asked once more before it runs.',
  decline: 'You said no to the command. It was not run.',
};

/** Followed by the sessions that the action changed. */
export const DONE: Readonly<Record<SessionAction, string>> = { pause: 'Paused', resume: 'Goes on', end: 'Ended' };

/** For sessions that the action cannot change. */
export const IN_VAIN: Readonly<Record<SessionAction, string>> = {
  pause: 'It is held already.',
  resume: 'It cannot go on.',
  end: 'It has ended already.',
};
