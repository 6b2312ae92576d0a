// Why a recording cannot go on. No recorder, no session: whoever sees one of these ends the session.

import { ChaperoneError } from '../../protocol/errors.ts';

/** `full`: no space or quota; `limit`: the recording's own size limit; `error`: anything else, such as a broken disk. */
export type RecordingTrouble = 'full' | 'limit' | 'error';

const SENTENCES: Record<RecordingTrouble, { message: string; hint: string }> = {
  full: { message: 'the recording cannot go on: the disk is full', hint: 'free some space, then start a new session' },
  limit: {
    message: 'the recording has reached the size that the policy allows',
    hint: 'start a new session, or raise record.maxSize',
  },
  error: {
    message: 'the recording cannot be written',
    hint: 'check the disk of the machine (see the cause in its log)',
  },
};

export class RecordingFailed extends ChaperoneError {
  readonly trouble: RecordingTrouble;
  readonly file: string;

  constructor(trouble: RecordingTrouble, file: string, cause?: unknown) {
    const { message, hint } = SENTENCES[trouble];
    super(message, { hint, cause });
    this.trouble = trouble;
    this.file = file;
  }

  /** For both sides of the session. */
  get words(): string {
    return this.trouble === 'limit' ? SENTENCES.limit.message : SENTENCES.error.message;
  }
}

/** Sorts an error of the file system. */
export function recordingFailure(file: string, cause: unknown): RecordingFailed {
  if (cause instanceof RecordingFailed) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return new RecordingFailed(code === 'ENOSPC' || code === 'EDQUOT' ? 'full' : 'error', file, cause);
}
