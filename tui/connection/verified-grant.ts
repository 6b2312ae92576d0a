// Before a session counts as one: the grant is the machine's own word, and it answers what was asked.

import { isDeepStrictEqual } from 'node:util';
import type { SessionInfo } from '../../protocol/control/messages.ts';
import { Grant } from '../../protocol/grant.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { openSignedJson } from '../../protocol/signed-json.ts';
import { cleanJson } from './door.ts';
import { WrongMachine } from './errors.ts';

export interface GrantExpectations {
  /** The machine's note key as pinned with its host key; null at the first session. */
  readonly machineKey: string | null;
  /** Who the machine said it was before anyone was asked. */
  readonly connectionId: string | null;
  /** `SHA256:…` of the key that the technician proved. */
  readonly technicianKey: string;
  readonly asked: readonly Scope[];
}

const HINT = 'end the call if you do not know why: the machine was set up anew, or it is not the one that you know';

/** The grant as it was changed while the session lives, or null when it is not the machine's word about this session. */
export function openChangedGrant(note: string, machineKey: string, former: Grant): Grant | null {
  try {
    const grant = Grant.parse(cleanJson(openSignedJson('grant', Grant, note, machineKey)));
    const same = grant.session === former.session && grant.machine.id === former.machine.id;
    return same && grant.technician.keyFingerprint === former.technician.keyFingerprint ? grant : null;
  } catch {
    return null;
  }
}

/** @throws WrongMachine | BadSignedNote */
export function verifyGrant(info: SessionInfo, expected: GrantExpectations): Grant {
  if (expected.machineKey !== null && expected.machineKey !== info.machineKey) {
    throw new WrongMachine('the machine signs with another key than before', HINT);
  }
  const grant = Grant.parse(cleanJson(openSignedJson('grant', Grant, info.grantNote, info.machineKey)));
  if (!isDeepStrictEqual(grant.session, info.grant.session)) {
    throw new WrongMachine('the machine signed another grant than it shows', HINT);
  }
  if (expected.connectionId !== null && grant.machine.id !== expected.connectionId) {
    throw new WrongMachine(`the grant is for the machine ${grant.machine.id}`, HINT);
  }
  if (grant.technician.keyFingerprint !== expected.technicianKey) {
    throw new WrongMachine('the grant is for another technician', HINT);
  }
  if (grant.scopes.some((scope) => !expected.asked.includes(scope))) {
    throw new WrongMachine('the grant allows more than was asked for', HINT);
  }
  return grant;
}
