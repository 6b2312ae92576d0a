// What a pairing is bound to: the machine, the technician and the SSH connection between them. Who sits in between has
// another host key, another technician's key or another SSH session on one side, and so another channel.

import { lengthValues } from './length-value.ts';

export interface PairingTerms {
  /** Fingerprints as `SHA256:…`, of the keys that were proven in this connection. */
  readonly hostKey: string;
  readonly technicianKey: string;
  /** SSH's session identifier (RFC 4253 §7.2): both sides gave to it, and it is never the same twice. */
  readonly sshSession: Uint8Array;
  /** Nine digits. */
  readonly connectionId: string;
}

const PURPOSE = 'chaperone pairing v1';

/** CPace's channel identifier. */
export function channelIdentifier({ hostKey, technicianKey, sshSession }: PairingTerms): Buffer {
  return lengthValues(Buffer.from(PURPOSE), Buffer.from(hostKey), Buffer.from(technicianKey), sshSession);
}

/** What each side says about itself. The role keeps a tag from being sent back as one's own. */
export function partyData(role: 'machine' | 'technician', { connectionId }: PairingTerms): Buffer {
  return lengthValues(Buffer.from(role), Buffer.from(connectionId));
}
