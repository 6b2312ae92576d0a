// First layer: who is it? A certificate of the machine's organisation, or a key that its policy lists; everyone else goes
// no further.

import ssh2, { type KeyboardAuthContext, type PublicKeyAuthContext } from 'ssh2';
import { formatConnectionId } from '../../protocol/connection-id.ts';
import { signatureHolds } from '../../protocol/identity/signature.ts';
import { WireWriter } from '../../protocol/identity/ssh-wire.ts';
import type { TechnicianIdentity } from '../../protocol/request.ts';
import { ANY_MACHINE_USER } from '../../protocol/ssh-software.ts';
import {
  type Credential,
  judgeKey,
  type KeyVerdict,
  type RefusedKey,
  refusedListed,
  wordsFor,
} from '../identity/judge-key.ts';
import type { Machine } from '../machine.ts';
import { isKeyboardContext, type TechnicianConnection } from '../ssh/connection.ts';
import { Conversation, NOTHING_FURTHER } from '../ssh/conversation.ts';
import { Refused } from './refused.ts';
import { sayTrouble } from './say-trouble.ts';
import { statusOf } from './status.ts';

const KEY_TIMEOUT_MS = 20_000; // from connect to a proven key; programs do it in milliseconds
const ED25519_SIGNATURE = 64; // bytes, without SSH's wrapper
const REFUSALS_MAX = 6; // certificates of one connection; OpenSSH's server allows as many tries

export interface Authenticated {
  readonly technician: TechnicianIdentity;
  /** What was proven, for those who may take it back. */
  readonly credential: Credential;
  readonly conversation: Conversation;
}

/** Resolves when somebody known proved their key and the program is ready to talk; rejects with {@link Refused}. */
export async function authenticate(
  connection: TechnicianConnection,
  session: string,
  machine: Machine,
): Promise<Authenticated> {
  const authenticated = await proveKey(connection, machine);
  const { conversation, technician } = authenticated;
  if (!machine.arrivals.admit(technician.keyFingerprint)) {
    const words = 'Too many connections came with your key. Try again in a few seconds.';
    await conversation.refuse(statusOf(machine)('refused', words, { code: 'too-many-connections' }));
    throw new Refused('too many connections came with its key', { beforePrompt: true });
  }
  await sayTrouble(conversation, machine, () =>
    machine.log.append(
      'technician.authenticated',
      { address: connection.address, technician, client: connection.software },
      { session, actor: technician.keyFingerprint },
    ),
  );
  return authenticated;
}

type Technician = Extract<KeyVerdict, { kind: 'technician' }>;

function proveKey(connection: TechnicianConnection, machine: Machine): Promise<Authenticated> {
  const { promise, resolve, reject } = Promise.withResolvers<Authenticated>();
  let proven: Technician | null = null;
  let refused: RefusedKey | null = null;
  let refusals = 0;

  const timer = setTimeout(() => refuse('no known key was shown in time'), KEY_TIMEOUT_MS);
  const refuse = (reason: string) => reject(new Refused(reason, { beforePrompt: true }));
  connection.onRefused = ({ what }) => refuse(`it tried ${what} before it showed a known key`);
  const gone = () => {
    if (refused !== null && proven === null) {
      reject(new Refused(wordsOfRefusal(refused)));
    } else {
      refuse(`it went away before it ${proven === null ? 'showed a known key' : 'could be asked for the code'}`);
    }
  };
  connection.closed.addEventListener('abort', gone, { once: true });

  const takeKey = (context: PublicKeyAuthContext): void => {
    const answer = answerKey(context, connection, machine);
    if (answer.kind === 'technician') {
      proven = answer;
      context.reject(['keyboard-interactive'], true);
    } else if (answer.kind === 'would-do') {
      context.accept();
    } else {
      if (answer.kind !== 'unknown') {
        refused = answer.refused;
        refusals += 1;
        machine.refused.technician(connection.address, refused);
      }
      if (refusals > REFUSALS_MAX) refuse('it showed one refused certificate after the other');
      context.reject(refused === null ? ['publickey'] : ['publickey', 'keyboard-interactive']);
    }
  };

  connection.onAuthentication((context) => {
    if (proven === null && context.method === 'publickey') {
      takeKey(context);
    } else if (!isKeyboardContext(context) || (proven === null && refused === null)) {
      context.reject([proven === null ? 'publickey' : 'keyboard-interactive']);
    } else if (!namesThisMachine(context.username, machine)) {
      context.reject(NOTHING_FURTHER);
      refuse('it asked for another machine');
    } else {
      const conversation = converse(context, connection, machine);
      if (proven !== null) {
        resolve({ technician: proven.technician, credential: proven.credential, conversation });
      } else if (refused !== null) {
        // With nothing else to show, the program comes to hear why.
        const reason = refused;
        void conversation
          .refuse(statusOf(machine)('refused', wordsFor(reason), { code: `certificate-${reason.reason}` }))
          .then(() => reject(new Refused(wordsOfRefusal(reason))));
      }
    }
  });
  return promise.finally(() => clearTimeout(timer));
}

/** For the daemon's own messages: the audit log has an event with all of it. */
function wordsOfRefusal({ reason, detail }: RefusedKey): string {
  return `its certificate or key was refused (${reason}: ${detail})`;
}

/** From here on every other way to authenticate is closed. */
function converse(context: KeyboardAuthContext, connection: TechnicianConnection, machine: Machine): Conversation {
  connection.onAuthentication((another) => {
    another.reject(NOTHING_FURTHER);
    connection.close();
  });
  const conversation = new Conversation(context, {
    structured: connection.structured,
    title: `Chaperone: ${machine.identity.name}, ${formatConnectionId(machine.identity.id)}`,
    signal: connection.closed,
    onBroken: () => connection.close(),
  });
  connection.wereAsked = () => conversation.wereAsked();
  return conversation;
}

function namesThisMachine(username: string, machine: Machine): boolean {
  return username === machine.identity.id || username === ANY_MACHINE_USER;
}

/**
 * Judges one key. Who is behind it, and why it is refused, is said only once a signature has proven that the key is
 * theirs: strangers learn nothing but that a key "would do" (RFC 4252 §7), as every certificate does.
 */
function answerKey(
  context: PublicKeyAuthContext,
  connection: TechnicianConnection,
  machine: Machine,
): KeyVerdict | { readonly kind: 'would-do' } {
  const { policy, revocations } = machine;
  const revoked = (credential: Credential) => revocations.verdict(credential);
  const facts = { policy, now: new Date(), address: connection.ip, revoked };
  const verdict = judgeKey(context.key.algo, context.key.data, facts);
  if (verdict.kind === 'unknown' || verdict.kind === 'unreadable') {
    return verdict;
  }
  if (context.signature === undefined) {
    return { kind: 'would-do' };
  }
  if (!isProven(context, verdict.credential)) {
    return { kind: 'unknown' };
  }
  if (verdict.kind === 'technician' && isSha1(context, verdict.credential)) {
    const { credential, technician } = verdict;
    const detail = 'the signature by this RSA key uses SHA-1';
    return {
      kind: 'refused',
      credential,
      refused: refusedListed(technician.name, credential, { reason: 'weak-signature', detail }),
    };
  }
  return verdict;
}

/** Whoever can make SHA-1 collide needs no key (RFC 8332 §1). `signatureHolds` knows no SHA-1, so certificates are safe. */
function isSha1({ hashAlgo }: PublicKeyAuthContext, { key, certificate }: Credential): boolean {
  return certificate === null && key.type === 'ssh-rsa' && hashAlgo !== 'sha256' && hashAlgo !== 'sha512';
}

function isProven({ blob, signature, hashAlgo }: PublicKeyAuthContext, { key, certificate }: Credential): boolean {
  if (blob === undefined || signature === undefined) {
    return false;
  }
  if (certificate !== null) {
    // OpenSSH names the plain key's type in the signature, and ssh2 leaves it as it came. ssh2's own client names the
    // certificate's type, and ssh2 takes that off: what is left of an Ed25519 signature is put in order again.
    const bare = key.type === 'ssh-ed25519' && signature.length === ED25519_SIGNATURE;
    return signatureHolds(key, blob, bare ? new WireWriter().string(key.type).string(signature).finish() : signature);
  }
  const parsed = ssh2.utils.parseKey(`${key.type} ${key.blob.toString('base64')}`);
  return !(parsed instanceof Error) && parsed.verify(blob, signature, hashAlgo) === true;
}
