// First layer: who is it? A technician's key that the machine's own policy lists; everyone else goes no further.

import ssh2, { type AuthContext, type PublicKeyAuthContext } from 'ssh2';
import { formatConnectionId } from '../../protocol/connection-id.ts';
import type { TechnicianIdentity } from '../../protocol/request.ts';
import { ANY_MACHINE_USER } from '../../protocol/ssh-software.ts';
import type { Machine } from '../machine.ts';
import type { ListedTechnician } from '../policy/policy.ts';
import { isKeyboardContext, type TechnicianConnection } from '../ssh/connection.ts';
import { Conversation } from '../ssh/conversation.ts';
import { Refused } from './refused.ts';

const KEY_TIMEOUT_MS = 20_000; // from connect to a proven key; programs do it in milliseconds

export interface Authenticated {
  readonly technician: TechnicianIdentity;
  readonly conversation: Conversation;
}

/** Resolves when a listed key was proven and the program is ready to talk; rejects with {@link Refused}. */
export async function authenticate(
  connection: TechnicianConnection,
  session: string,
  machine: Machine,
): Promise<Authenticated> {
  const authenticated = await proveKey(connection, machine);
  try {
    await machine.log.append(
      'technician.authenticated',
      { address: connection.address, technician: authenticated.technician, client: connection.software },
      { session, actor: authenticated.technician.keyFingerprint },
    );
  } catch (problem) {
    // Without a log the next layer refuses, in words. Thrown from here, it would be a line that goes dead.
    if (machine.log.healthy) {
      throw problem;
    }
  }
  return authenticated;
}

function proveKey(connection: TechnicianConnection, machine: Machine): Promise<Authenticated> {
  const { promise, resolve, reject } = Promise.withResolvers<Authenticated>();
  let proven: TechnicianIdentity | null = null;

  const timer = setTimeout(() => refuse('no listed key was shown in time'), KEY_TIMEOUT_MS);
  const refuse = (reason: string) => reject(new Refused(reason, { beforePrompt: true }));
  connection.onRefused = ({ what }) => refuse(`it tried ${what} before it showed a listed key`);
  const gone = () =>
    refuse(`it went away before it ${proven === null ? 'showed a listed key' : 'could be asked for the code'}`);
  connection.closed.addEventListener('abort', gone, { once: true });

  connection.onAuthentication((context) => {
    if (proven === null) {
      proven = checkKey(context, machine);
    } else if (isKeyboardContext(context)) {
      if (!namesThisMachine(context.username, machine)) {
        context.reject([]);
        refuse('it asked for another machine');
        return;
      }
      connection.onAuthentication((another) => {
        another.reject([]);
        connection.close();
      });
      resolve({
        technician: proven,
        conversation: new Conversation(context, {
          structured: connection.structured,
          title: `Chaperone: ${machine.identity.name}, ${formatConnectionId(machine.identity.id)}`,
          signal: connection.closed,
          onBroken: () => connection.close(),
        }),
      });
    } else {
      context.reject(['keyboard-interactive']);
    }
  });
  return promise.finally(() => clearTimeout(timer));
}

function namesThisMachine(username: string, machine: Machine): boolean {
  return username === machine.identity.id || username === ANY_MACHINE_USER;
}

/** Answers one authentication request; the technician once a listed key has signed. */
function checkKey(context: AuthContext, machine: Machine): TechnicianIdentity | null {
  if (context.method !== 'publickey') {
    context.reject(['publickey']);
    return null;
  }
  const listed = machine.policy.technicians.find((technician) => technician.key.blob.equals(context.key.data));
  if (listed === undefined) {
    context.reject(['publickey']);
    return null;
  }
  if (context.signature === undefined) {
    context.accept(); // "this key would do" (RFC 4252 §7)
    return null;
  }
  if (!signatureHolds(context, listed)) {
    context.reject(['publickey']);
    return null;
  }
  context.reject(['keyboard-interactive'], true);
  return {
    name: listed.name,
    role: listed.role,
    phone: listed.phone,
    organisation: listed.organisation,
    keyFingerprint: listed.key.fingerprint,
    verifiedBy: 'listed',
  };
}

function signatureHolds(context: PublicKeyAuthContext, listed: ListedTechnician): boolean {
  const key = ssh2.utils.parseKey(`${listed.key.type} ${listed.key.blob.toString('base64')}`);
  if (key instanceof Error || context.blob === undefined || context.signature === undefined) {
    return false;
  }
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
}
