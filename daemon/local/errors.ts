// What can go wrong between the daemon and the local user's programs.

import { ChaperoneError, EXIT } from '../../protocol/errors.ts';

/** No daemon answers on the socket. */
export class DaemonNotRunning extends ChaperoneError {
  constructor(cause?: unknown) {
    super('Chaperone is not running on this computer', {
      exitCode: EXIT.unreachable,
      hint: 'start it: chaperoned start',
      cause,
    });
  }
}

/** Another daemon answers on the socket already. */
export class DaemonAlreadyRunning extends ChaperoneError {
  constructor(path: string) {
    super(`Chaperone is already running (it answers at ${path})`, {
      hint: 'see how it is: chaperoned status',
    });
  }
}

/** The connection to the daemon ended while something was expected from it. */
export class DaemonLost extends ChaperoneError {
  constructor(cause?: unknown) {
    super('the connection to Chaperone on this computer was lost', {
      exitCode: EXIT.unreachable,
      hint: 'see whether it runs: chaperoned status',
      cause,
    });
  }
}

/** The other end of the socket does not keep to the protocol. */
export class LocalProtocolError extends ChaperoneError {
  constructor(message: string, cause?: unknown) {
    super(message, { hint: 'are the program and the daemon of the same version? restart the daemon', cause });
  }
}

/** The socket cannot be where it should. */
export class SocketUnusable extends ChaperoneError {}

/** A prompt program went away, or could not show the question. */
export class PromptLost extends ChaperoneError {}

/** The daemon refused or failed to do what was asked; the words are the daemon's. */
export class DaemonRefused extends ChaperoneError {}
