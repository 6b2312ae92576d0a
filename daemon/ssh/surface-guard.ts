// The one gate between a technician's SSH client and everything else: each request is decided by the table in
// protocol/ssh-surface.ts before ssh2 sees it. Promise 8, on the machine's side.
//
// ssh2 answers unknown requests by itself and tells nobody, so there would be no audit event for them. It also takes
// more bytes than the window allows (its issue 1505), writes for ever to a channel that takes packets of no bytes, and
// leaves what comes after the start of a program without an answer.

import type { Connection } from 'ssh2';
import type { Scope } from '../../protocol/scopes.ts';
import { callMethod, field, packetGate } from '../../protocol/ssh-handlers.ts';
import { decideSsh, type SshRequest } from '../../protocol/ssh-surface.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';

const ADMINISTRATIVELY_PROHIBITED = 1; // RFC 4254 §5.1
const REFUSED = 'refused@chaperone'; // a name that ssh2 does not know, so that it answers with a failure, in its turn
const BEFORE_START: readonly unknown[] = ['env', 'pty-req', 'shell', 'exec', 'subsystem']; // one program per channel
const DETAIL_MAX = 200; // characters of what was tried, for the log
const PACKET_MIN = 1024; // bytes that a program must take at once; RFC 4253 §6.1 asks for 32,768

export interface SurfacePolicy {
  /** The scopes that hold at this instant; empty before consent, while paused and after the end. */
  readonly scopes: () => readonly Scope[];
  /** Told of every refusal. `detail` is one safe line, such as the command of an `exec`. */
  readonly onRefused: (what: string, detail: string, reason: string) => void;
  /** The other side sent more than it may; nothing further should be read. */
  readonly onOverrun: () => void;
  /** The other side made room for more output; ssh2 has no event for it. */
  readonly onWindow: () => void;
}

/** Puts the gate in front of `client`. Throws when ssh2's handlers are not where they are expected. */
export function guardSurface(client: Connection, policy: SurfacePolicy): void {
  const gate = packetGate(client);
  const channelOf = (recipient: unknown) => callMethod(field(client, '_chanMgr'), 'get', recipient);

  const decide = (request: SshRequest, detail: string): string | null => {
    const verdict = decideSsh(request, policy.scopes());
    if (verdict.allowed) {
      return null;
    }
    return refuse(request, sanitiseLine(detail, DETAIL_MAX), verdict.reason);
  };
  const refuse = ({ kind, name }: SshRequest, detail: string, reason: string): string => {
    policy.onRefused(`${kind} ${sanitiseLine(name, 60)}`, detail, reason);
    return reason;
  };

  gate('CHANNEL_OPEN', (pass, protocol, info) => {
    const request: SshRequest = { kind: 'channel', name: String(field(info, 'type')) };
    const packetSize = Number(field(info, 'packetSize'));
    const reason =
      decide(request, describe(field(info, 'data'))) ??
      (packetSize >= PACKET_MIN
        ? null
        : refuse(request, `packets of ${packetSize} bytes`, 'its packets are too small'));
    if (reason === null) {
      pass(protocol, info);
    } else {
      callMethod(protocol, 'channelOpenFail', field(info, 'sender'), ADMINISTRATIVELY_PROHIBITED, reason);
    }
  });

  gate('CHANNEL_REQUEST', (pass, protocol, recipient, type, wantReply, data) => {
    const request: SshRequest = { kind: 'channel request', name: String(type) };
    const session = channelOf(recipient);
    const tooLate = BEFORE_START.includes(type) && field(session, '_channel') !== undefined;
    const reason =
      decide(request, describe(data)) ??
      (type === 'subsystem' ? decide({ kind: 'subsystem', name: String(data) }, '') : null) ??
      (type === 'env' ? decide({ kind: 'environment', name: String(field(data, 'name')) }, describe(data)) : null) ??
      (tooLate ? refuse(request, 'a program runs on this channel already', 'this channel is in use') : null);
    const theirs = field(field(field(session, '_chanInfo'), 'outgoing'), 'id');
    if (reason === null) {
      pass(protocol, recipient, type, wantReply, data);
    } else if (wantReply === true && typeof theirs === 'number') {
      callMethod(protocol, 'channelFailure', theirs);
    }
  });

  gate('CHANNEL_DATA', (pass, protocol, recipient, data) => {
    const found = channelOf(recipient);
    const channel = field(found, '_channel') ?? found; // a session holds its channel
    const window = field(field(channel, 'incoming'), 'window');
    if (typeof window === 'number' && Buffer.isBuffer(data) && data.length > window) {
      policy.onOverrun();
      return;
    }
    pass(protocol, recipient, data);
  });

  gate('CHANNEL_WINDOW_ADJUST', (pass, ...args) => {
    pass(...args);
    policy.onWindow();
  });

  gate('GLOBAL_REQUEST', (pass, protocol, name, wantReply, data) => {
    const reason = decide({ kind: 'global request', name: String(name) }, describe(data));
    pass(protocol, reason === null ? name : REFUSED, wantReply, reason === null ? data : undefined);
  });
}

function describe(data: unknown): string {
  if (data === undefined || data === null) {
    return '';
  }
  return typeof data === 'string' ? data : JSON.stringify(data).slice(0, DETAIL_MAX * 2);
}
