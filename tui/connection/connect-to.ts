// From what the technician typed to a session: the parts of the way in order, each loaded when it is needed, so that
// the first byte leaves before schemas, records and screens are read from disk.

import type { Socket } from 'node:net';
import { technicianHome } from '../../protocol/home.ts';
import { ANY_MACHINE_USER } from '../../protocol/ssh-software.ts';
import type { ConnectOptions } from '../dashboard/ports.ts';
import { loadSettings } from '../settings/settings.ts';
import { formatAddress, type HostAddress, parseTarget, type Target } from './address.ts';
import type { AskPassphrase } from './key-file.ts';
import type { LiveSession } from './live-session.ts';
import { reach } from './reach.ts';
import type { TechnicianKey } from './technician-keys.ts';

export interface ConnectWish {
  /** As typed: connection ID, address, or both. */
  readonly target: string;
  /** Empty when it is to be asked for. */
  readonly code: string;
  /** Checked for form before it is sent, not before the connection begins. */
  readonly request: { readonly reason: string; readonly ticket: string; readonly scopes: readonly string[] };
  /** Key file that the technician named; null leaves the choice to the usual places. */
  readonly identity: string | null;
  /** Certificate file that the technician named. @default null, which leaves the choice to the usual places */
  readonly certificate?: string | null;
  /** What the machine's host key must be, when somebody has read it out; null without. */
  readonly fingerprint: string | null;
  readonly askPassphrase: AskPassphrase | null;
  readonly people: ConnectOptions;
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Resolves when the local user has accepted and the grant has been verified. @throws ChaperoneError */
export async function connectTo(wish: ConnectWish): Promise<LiveSession> {
  const home = technicianHome(wish.environment);
  const target = parseTarget(wish.target);
  const address = target.address ?? (await lastAddress(target, home));
  wish.people.onWaiting({ stage: 'reaching', who: formatAddress(address), what: 'to answer', until: null });

  const reached = reach(address, wish.people.signal);
  reached.catch(() => undefined); // looked at below, when the modules are there
  const { openLink } = await import('./link.ts');
  const opening = once(async () => {
    const [{ SessionOpening }, settings] = await Promise.all([
      import('./session-opening.ts'),
      loadSettings(wish.environment),
    ]);
    const { connectionId } = target;
    return new SessionOpening({ wish, home, connectionId, address: formatAddress(address), settings });
  });
  try {
    const socket = await reached;
    const linking = openLink({
      socket,
      address: formatAddress(address),
      user: target.connectionId ?? ANY_MACHINE_USER,
      keys: keysOf(wish),
      verifyHostKey: async (blob, certificate) => (await opening()).verifyHostKey(blob, certificate),
      conversation: async (terms) => (await opening()).conversation(terms),
      onAuthenticating: async () => (await opening()).onAuthenticating(),
      signal: wish.people.signal,
    });
    void whenSpoken(socket)
      .then(opening)
      .then(async () => (await import('./code-proof.ts')).loadPairing())
      .catch(() => undefined); // while the machine computes its answer
    const link = await linking;
    return await (await opening()).open(link);
  } catch (error) {
    await (await opening()).noteFailure(error);
    throw error;
  }
}

async function* keysOf(wish: ConnectWish): AsyncGenerator<TechnicianKey> {
  const { identity, certificate = null, askPassphrase, environment } = wish;
  const { technicianKeys } = await import('./technician-keys.ts');
  yield* technicianKeys({
    identity,
    certificate,
    askPassphrase,
    ...(environment === undefined ? {} : { environment }),
  });
}

async function lastAddress(target: Target, home: string): Promise<HostAddress> {
  const { MachineBook } = await import('../records/machines.ts');
  const { UnknownMachine } = await import('./errors.ts');
  const id = target.connectionId ?? '';
  const [last] = new MachineBook(home).byId(id)?.addresses ?? [];
  const known = last === undefined ? null : parseTarget(last).address;
  if (known === null) {
    throw new UnknownMachine(id);
  }
  return known;
}

/** Resolves when the first byte has left (ssh2 needs a moment before it speaks), or will not leave. */
async function whenSpoken(socket: Socket): Promise<void> {
  while (socket.bytesWritten === 0 && !socket.destroyed) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | null = null;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
