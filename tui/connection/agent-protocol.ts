// Lists what ssh-agent holds (draft-ietf-sshm-ssh-agent §3.5). ssh2 does so as well, and leaves out certificates.

import { connect } from 'node:net';
import { WireReader } from '../../protocol/identity/ssh-wire.ts';

const ANSWERS_WITHIN_MS = 2_000; // a hung agent must not hang the connection
const ANSWER_MAX = 256 * 1024; // bytes; as OpenSSH
const KEYS_MAX = 256; // more are not looked at
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;

export interface AgentIdentity {
  /** Public key or certificate, in SSH wire format. */
  readonly blob: Buffer;
  readonly comment: string;
}

/** What the agent at `socketPath` holds; nothing when it does not answer, or answers nonsense. */
export function listIdentities(socketPath: string): Promise<readonly AgentIdentity[]> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let received = 0;
    const socket = connect(socketPath);
    const settle = (identities: readonly AgentIdentity[]): void => {
      clearTimeout(limit);
      socket.destroy();
      resolve(identities);
    };
    const limit = setTimeout(() => settle([]), ANSWERS_WITHIN_MS);
    socket.on('connect', () => socket.write(Buffer.of(0, 0, 0, 1, REQUEST_IDENTITIES)));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      received += chunk.length;
      const all = received >= 4 ? Buffer.concat(chunks) : null;
      const expected = all === null ? 0 : all.readUInt32BE();
      if (expected > ANSWER_MAX) {
        settle([]);
      } else if (all !== null && received >= 4 + expected) {
        settle(readIdentities(all.subarray(4, 4 + expected)));
      }
    });
    socket.on('error', () => settle([]));
    socket.on('close', () => settle([]));
  });
}

function readIdentities(answer: Buffer): AgentIdentity[] {
  const identities: AgentIdentity[] = [];
  try {
    const reader = new WireReader(answer);
    if (reader.byte() !== IDENTITIES_ANSWER) {
      return [];
    }
    const count = Math.min(reader.uint32(), KEYS_MAX);
    for (let index = 0; index < count; index += 1) {
      identities.push({ blob: reader.string(ANSWER_MAX), comment: reader.string(ANSWER_MAX).toString('utf8') });
    }
    return identities;
  } catch {
    return identities; // those that could be read
  }
}
