// A technician whose certificate or key is taken back goes at once: from the middle of a session as from the queue.

import type { Revoked } from '../identity/revocations.ts';
import type { Machine } from '../machine.ts';
import type { Session } from '../session/session.ts';
import { TAKEN_BACK } from '../session/words.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import type { Authenticated } from './authenticate.ts';
import { statusOf } from './status.ts';

export class RevocationWatch implements Disposable {
  readonly #machine: Machine;
  readonly #watch: Disposable;
  #session: Session | null = null;
  #revoked: Revoked | null = null;

  constructor(
    connection: TechnicianConnection,
    { credential, technician, conversation }: Authenticated,
    machine: Machine,
  ) {
    this.#machine = machine;
    const gone = (revoked: Revoked): void => {
      this.#revoked = revoked;
      if (this.#session !== null) {
        this.#end(this.#session, revoked);
        return;
      }
      machine.refused.technician(connection.address, {
        reason: 'revoked',
        detail: revoked.detail,
        name: technician.name,
        serial: technician.certificate?.serial ?? '',
        key: technician.keyFingerprint,
        ca: technician.certificate?.ca ?? '',
      });
      const words = `The request was refused: ${TAKEN_BACK}.`;
      void conversation
        .refuse(statusOf(machine)('refused', words, { code: 'certificate-revoked' }))
        .finally(() => connection.close());
    };
    this.#watch = machine.revocations.watch(credential, gone);
    // Between the proof of the key and now a list may have come.
    const already = machine.revocations.verdict(credential);
    if (already?.reason === 'revoked') gone(already);
  }

  /** From now on there is a session to end. */
  bind(session: Session): void {
    this.#session = session;
    if (this.#revoked !== null) this.#end(session, this.#revoked);
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }

  #end(session: Session, { detail, changedAt }: Revoked): void {
    session.end('machine', TAKEN_BACK);
    const { log, logger } = this.#machine;
    void session.ended
      .then(({ at }) =>
        log.append(
          'session.revoked',
          { detail, sinceChangeMs: Math.max(0, Math.round(at.getTime() - changedAt)) },
          { session: session.id },
        ),
      )
      .catch((problem: unknown) => logger.error({ problem }, 'a revocation could not be logged'));
  }
}
