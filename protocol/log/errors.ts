// What can go wrong with a log, told apart by what the caller must do next.
import { ChaperoneError, EXIT } from '../errors.ts';

/** Bytes are not what their format says: a note, a checkpoint, a tile path, a bundle, a key, a proof. */
export class LogFormatError extends ChaperoneError {
  constructor(message: string, hint?: string) {
    super(message, hint === undefined ? { exitCode: EXIT.verification } : { exitCode: EXIT.verification, hint });
  }
}

/** A note or proof is well formed and still not true: wrong signature, wrong root, no signature of a known key. */
export class LogProofError extends ChaperoneError {
  constructor(message: string, hint?: string) {
    super(message, hint === undefined ? { exitCode: EXIT.verification } : { exitCode: EXIT.verification, hint });
  }
}

/** Another process writes this log; a second writer would fork it. */
export class LogLocked extends ChaperoneError {
  constructor(directory: string, pid: number) {
    super(`log ${directory} is being written by process ${pid}`, {
      hint: 'stop that process first; a log has exactly one writer',
    });
  }
}

/** The files on disk contradict the signed checkpoint: going on would mean signing a second history. */
export class LogRefused extends ChaperoneError {
  constructor(message: string, cause?: unknown) {
    super(message, {
      exitCode: EXIT.verification,
      hint: 'keep the directory as it is for examination and run the log verification to see where it was changed',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** Writing failed (full disk, I/O error) or the log was closed: nothing can be appended until it is opened again. */
export class LogFailed extends ChaperoneError {
  constructor(message: string, cause?: unknown) {
    super(message, {
      hint: 'free disk space or repair the disk, then start again; everything acknowledged so far is safe',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** An entry does not fit the 16-bit length of an entry bundle. */
export class EntryTooLarge extends ChaperoneError {
  constructor(size: number, limit: number) {
    super(`log entry of ${size} bytes is larger than ${limit}`, { hint: 'store the bulk elsewhere and log its hash' });
  }
}
