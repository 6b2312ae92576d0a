// What can go wrong at an authority, told apart by what the administrator does next.

import { ChaperoneError, EXIT } from '../../protocol/errors.ts';

/** There is no authority in the directory, or one already. */
export class AuthorityMissing extends ChaperoneError {
  constructor(directory: string) {
    super(`there is no authority in ${directory}`, {
      exitCode: EXIT.usage,
      hint: 'make one: chaperone-hub ca init; or name its directory: --dir',
    });
  }
}

/** The key of the authority is locked, and what was typed does not open it. */
export class AuthorityLocked extends ChaperoneError {
  constructor(file: string, cause?: unknown) {
    super(`the passphrase does not open ${file}`, { exitCode: EXIT.denied, hint: 'try again', cause });
  }
}

/** The ledger does not say what an honest one would. */
export class LedgerDamaged extends ChaperoneError {
  constructor(file: string, line: number, cause?: unknown) {
    super(`line ${line} of ${file} is damaged`, {
      exitCode: EXIT.verification,
      hint: 'restore the file from a backup; without it serials could be given twice',
      cause,
    });
  }
}

/** What shall be signed cannot be. */
export class CannotSign extends ChaperoneError {
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { exitCode: EXIT.usage, hint, cause });
  }
}
