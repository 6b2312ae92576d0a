// What every layer of the connection path may use of the machine.

import type { Logger } from 'pino';
import type { MachineIdentity } from '../protocol/grant.ts';
import type { MachineLog } from './audit/machine-log.ts';
import type { SessionTrail } from './audit/session-trail.ts';
import type { ConsentDesk } from './consent/desk.ts';
import type { HelpWish } from './help/help-wish.ts';
import type { MachineKeys } from './identity/machine-keys.ts';
import type { Revocations } from './identity/revocations.ts';
import type { Indicator } from './indicator/indicator.ts';
import type { Arrivals } from './pairing/arrivals.ts';
import type { OneTimeCodes } from './pairing/codes.ts';
import type { WaitingConnections } from './pairing/waiting-connections.ts';
import type { WrongCodes } from './pairing/wrong-codes.ts';
import type { Policy } from './policy/policy.ts';
import type { PolicyStore } from './policy/store.ts';
import type { Presence } from './presence/presence.ts';
import type { RebootLeases } from './reboot/leases.ts';
import type { Containment } from './run/containment.ts';
import type { Sessions } from './session/sessions.ts';
import type { RefusedConnections } from './ssh/refused-connections.ts';

export interface Machine {
  readonly identity: MachineIdentity;
  /** What holds now; it may be another one the next moment. Read it anew for each decision. */
  readonly policy: Policy;
  readonly policies: PolicyStore;
  readonly keys: MachineKeys;
  readonly log: MachineLog;
  readonly codes: OneTimeCodes;
  readonly arrivals: Arrivals;
  readonly wrongCodes: WrongCodes;
  readonly waiting: WaitingConnections;
  readonly trail: SessionTrail;
  readonly desk: ConsentDesk;
  readonly indicator: Indicator;
  readonly help: HelpWish;
  readonly sessions: Sessions;
  readonly presence: Presence;
  readonly leases: RebootLeases;
  readonly containment: Containment;
  readonly revocations: Revocations;
  /** Who was turned away before any prompt. */
  readonly refused: RefusedConnections;
  /** Directory of the daemon's state; hidden from sessions. */
  readonly home: string;
  readonly logger: Logger;
}
