// Permissions withdrawn or added while a session lives: the effect, the log, a new signed grant, and who is told.
//
// What is taken takes effect at once and is logged after, like a pause. What is given is logged first (promise 5).

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChaperoneError } from '../../protocol/errors.ts';
import type { Grant } from '../../protocol/grant.ts';
import { GRANT_CHANGES_MAX, type GrantParty } from '../../protocol/receipt.ts';
import { intersectScopes, orderScopes, type Scope } from '../../protocol/scopes.ts';
import { signJson } from '../../protocol/signed-json.ts';
import type { Machine } from '../machine.ts';
import { scopesNow } from '../policy/standing.ts';
import { sessionDirectory } from './directory.ts';
import type { Session } from './session.ts';
import { NOTHING_LEFT, SCOPE_WITHDRAWN } from './words.ts';

export interface GrantChange {
  readonly by: GrantParty;
  /** One plain sentence without a period; both people read it. */
  readonly reason: string;
}

/** What could be added now: what policy gives this technician's role, less what is held. */
export function addableScopes(machine: Machine, session: Session): Scope[] {
  const { grant } = session;
  return scopesNow(machine.policy, grant.technician).filter((scope) => !grant.scopes.includes(scope));
}

/**
 * Takes permissions back. Everything that lived by them is cut before this returns its promise; the promise resolves
 * with those that were held, when the log holds the change and no process of theirs is left. Withdrawing the last permission ends the session.
 */
export async function withdrawScopes(
  machine: Machine,
  session: Session,
  scopes: readonly Scope[],
  change: GrantChange = { by: 'local user', reason: SCOPE_WITHDRAWN },
): Promise<Scope[]> {
  const withdrawn = session.withdraw(scopes, change.reason);
  if (withdrawn.length === 0) {
    return [];
  }
  note(session, { ...change, added: [], withdrawn });
  if (session.grant.scopes.length === 0) {
    session.end(change.by, NOTHING_LEFT);
  }
  await session.inTurn(() => sign(machine, session, session.grant, { ...change, added: [], withdrawn }));
  await session.withdrawn();
  return withdrawn;
}

/** Moves the session's time limit forward. It holds before this returns its promise, which resolves when it is logged. */
export async function shortenSession(
  machine: Machine,
  session: Session,
  expiresAt: Date,
  change: GrantChange,
): Promise<void> {
  if (session.shorten(expiresAt)) {
    note(session, { ...change, added: [], withdrawn: [] });
    await session.inTurn(() => sign(machine, session, session.grant, { ...change, added: [], withdrawn: [] }));
  }
}

/**
 * Adds permissions, never more than policy gives to the technician's role. Resolves with what was added: less than
 * asked when someone withdrew it meanwhile or the session ended.
 *
 * @throws ChaperoneError when a permission cannot be given here
 */
export async function addScopes(
  machine: Machine,
  session: Session,
  scopes: readonly Scope[],
  change: GrantChange,
): Promise<Scope[]> {
  const wanted = orderScopes(scopes).filter((scope) => !session.grant.scopes.includes(scope));
  const [forbidden] = wanted.filter((scope) => !addableScopes(machine, session).includes(scope));
  if (forbidden !== undefined) {
    throw new ChaperoneError(`${forbidden} cannot be allowed here`, {
      hint: 'the policy of this computer does not give it to this technician; see `chaperoned scopes`',
    });
  }
  if (session.changes.length >= GRANT_CHANGES_MAX) {
    throw new ChaperoneError('the permissions of this session were changed too often', {
      hint: 'end it, and let the technician ask anew',
    });
  }
  const promised = session.permissions.promise(wanted);
  return await session.inTurn(async () => {
    try {
      // Policy may have changed while this waited for its turn.
      const added = intersectScopes(promised, addableScopes(machine, session));
      if (added.length === 0 || session.state === 'ended') {
        return [];
      }
      const scopesThen = orderScopes([...session.grant.scopes, ...added]);
      await sign(machine, session, { ...session.grant, scopes: scopesThen }, { ...change, added, withdrawn: [] });
      const given = session.give(promised);
      const lost = added.filter((scope) => !given.includes(scope));
      if (lost.length > 0) {
        // Withdrawn, or over, while the log was written: what it says now must not stay the last word.
        const taken = { by: 'local user', reason: SCOPE_WITHDRAWN, added: [], withdrawn: lost } as const;
        await sign(machine, session, session.grant, taken);
      }
      if (given.length > 0) {
        note(session, { ...change, added: given, withdrawn: [] });
        session.grantSigned.emit();
      }
      return given;
    } finally {
      session.permissions.forget(promised);
    }
  });
}

interface WholeChange extends GrantChange {
  readonly added: readonly Scope[];
  readonly withdrawn: readonly Scope[];
}

function note(session: Session, { by, reason, added, withdrawn }: WholeChange): void {
  session.changes.push({ at: new Date().toISOString(), by, reason, added: [...added], withdrawn: [...withdrawn] });
}

/** Signs `grant`, keeps it beside the former ones, and logs the change. A grant that cannot be kept ends the session. */
async function sign(machine: Machine, session: Session, grant: Grant, change: WholeChange): Promise<void> {
  const { by, reason, added, withdrawn } = change;
  const signed = signJson('grant', grant, machine.keys.signer);
  session.grantVersion += 1;
  try {
    const file = join(sessionDirectory(machine.home, session.id), `grant-${session.grantVersion}.note`);
    await writeFile(file, signed, { mode: 0o600, flush: true });
    await machine.log.append(
      'grant.changed',
      {
        by,
        reason,
        added: [...added],
        withdrawn: [...withdrawn],
        scopes: grant.scopes,
        grant: createHash('sha256').update(signed).digest('hex'),
      },
      { session: session.id, ...(by === 'technician' ? { actor: grant.technician.keyFingerprint } : {}) },
    );
  } catch (problem) {
    session.loseRecorder('the changed grant cannot be written');
    throw problem;
  }
  session.grantNote = signed;
  if (added.length === 0) {
    session.grantSigned.emit();
  }
}
