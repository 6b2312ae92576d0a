// What can go wrong between here and a machine, told apart by what the technician does next.

import { ChaperoneError, EXIT } from '../../protocol/errors.ts';

/** What shows the fingerprint to the person at the machine. */
export const WHERE_IT_IS_READ =
  'F in the window of chaperoned prompt, below the code with Show number and code in the tray, or as host key with chaperoned status';

/** Nothing answers there, or it went away before there was a session. */
export class Unreachable extends ChaperoneError {
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { exitCode: EXIT.unreachable, hint, cause });
  }
}

/** No address is known for a connection ID. */
export class UnknownMachine extends ChaperoneError {
  constructor(connectionId: string) {
    super(`you have not met the machine ${connectionId} yet, and its number alone does not lead there the first time`, {
      exitCode: EXIT.unreachable,
      hint: `ask the person for the address, which their window shows below the code, and type ${connectionId.replaceAll(' ', '')}@HOST:PORT`,
    });
  }
}

/** The machine is not the one that was met before, or says that it is another. */
export class WrongMachine extends ChaperoneError {
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { exitCode: EXIT.verification, hint, cause });
  }
}

/** Nobody vouched for the key of a machine that was never met before. */
export class HostKeyNotTrusted extends ChaperoneError {
  readonly fingerprint: string;

  constructor(fingerprint: string, hint: string) {
    super(`the machine is not known here; its key is ${fingerprint}`, { exitCode: EXIT.verification, hint });
    this.fingerprint = fingerprint;
  }
}

/** There is no key to prove oneself with, or it cannot be read. */
export class NoTechnicianKey extends ChaperoneError {
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { exitCode: EXIT.usage, hint, cause });
  }
}

/** The machine does not know this technician. */
export class KeyRefused extends ChaperoneError {
  constructor(fingerprints: readonly string[]) {
    super(`the machine does not know your key (${fingerprints.join(', ')})`, {
      exitCode: EXIT.denied,
      hint: 'its administrator lists technicians in policy.yaml; the lines to add: chaperone whoami',
    });
  }
}

/** The local user, the clock or the machine said no. */
export class RequestDenied extends ChaperoneError {
  readonly outcome: 'denied' | 'expired' | 'refused';

  constructor(outcome: RequestDenied['outcome'], message: string, hint: string) {
    super(message, { exitCode: EXIT.denied, hint });
    this.outcome = outcome;
  }
}

/** The other side ended what had begun, or the line to it broke. */
export class SessionOver extends ChaperoneError {
  constructor(message: string, hint?: string) {
    super(message, hint === undefined ? { exitCode: EXIT.ended } : { exitCode: EXIT.ended, hint });
  }
}

/** The code does not join the two ends, or the other end behaves as only somebody in between would. */
export class PairingFailed extends ChaperoneError {
  constructor(message: string, hostKey: string) {
    super(`${message}: somebody may be in between`, {
      exitCode: EXIT.verification,
      hint: `call the person at a number that you know and compare: chaperoned status must show ${hostKey}`,
    });
  }
}

/** The technician gave up: Ctrl-C, an empty answer, a closed window. */
export class GivenUp extends ChaperoneError {
  constructor(message = 'given up before the session began') {
    super(message, { exitCode: EXIT.failure });
  }
}

/** The other side does not keep to the protocol: nothing that it says further is looked at. */
export class ProtocolBroken extends ChaperoneError {
  constructor(message: string, cause?: unknown) {
    super(message, {
      hint: 'the versions of chaperone and chaperoned may differ; if not, distrust the machine',
      cause,
    });
  }
}
