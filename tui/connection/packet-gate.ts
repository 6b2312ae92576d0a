// Stands in front of ssh2's packet handlers, for three things that its client does not offer: it answers status
// requests of keyboard-interactive by itself and shows them to nobody; it forgets a partial success when a key came
// from an agent; and it takes more bytes than the window allows (its issue 1505).
//
// The handlers are private: the package is pinned to one version, and a connection on which they are not found is
// given up (promise 10).

import type { Client } from 'ssh2';
import { ChaperoneError } from '../../protocol/errors.ts';

export interface InfoRequest {
  readonly name: string;
  readonly instruction: string;
  readonly prompts: readonly string[];
}

export interface PacketEvents {
  /** Keyboard-interactive asks, or tells when there are no prompts. `answer` must be called once. */
  readonly onInfoRequest: (request: InfoRequest, answer: (answers: readonly string[]) => void) => void;
  /** An authentication method failed, or succeeded and is not enough (`partial`). */
  readonly onFailure: (methodsLeft: readonly string[], partial: boolean) => void;
  /** The machine sent more than it may; nothing further should be read. */
  readonly onOverrun: () => void;
}

type Handler = (...args: unknown[]) => void;

/** Call right after `client.connect`. Throws when ssh2's handlers are not where they are expected. */
export function gatePackets(client: Client, events: PacketEvents): void {
  const handlers = field(field(client, '_protocol'), '_handlers');
  if (typeof handlers !== 'object' || handlers === null) {
    throw unsupported('_handlers');
  }

  wrap(handlers, 'USERAUTH_INFO_REQUEST', (_pass, protocol, name, instruction, prompts) => {
    const asked = Array.isArray(prompts) ? prompts.map((prompt) => String(field(prompt, 'prompt') ?? '')) : [];
    const send = field(protocol, 'authInfoRes');
    if (typeof send !== 'function') {
      throw unsupported('authInfoRes');
    }
    events.onInfoRequest(
      { name: String(name ?? ''), instruction: String(instruction ?? ''), prompts: asked },
      (answers) => void Reflect.apply(send, protocol, [[...answers]]),
    );
  });

  wrap(handlers, 'USERAUTH_FAILURE', (pass, protocol, methods, partial) => {
    events.onFailure(Array.isArray(methods) ? methods.map(String) : [], partial === true);
    pass(protocol, methods, partial);
  });

  for (const name of ['CHANNEL_DATA', 'CHANNEL_EXTENDED_DATA']) {
    wrap(handlers, name, (pass, protocol, recipient, ...rest) => {
      pass(protocol, recipient, ...rest);
      const window = field(field(channelOf(client, recipient), 'incoming'), 'window');
      if (typeof window === 'number' && window < 0) {
        events.onOverrun();
      }
    });
  }
}

function channelOf(client: Client, recipient: unknown): unknown {
  const manager = field(client, '_chanMgr');
  const get = field(manager, 'get');
  return typeof get === 'function' ? Reflect.apply(get, manager, [recipient]) : undefined;
}

function wrap(handlers: object, name: string, gate: (pass: Handler, ...args: unknown[]) => void): void {
  const original: unknown = Reflect.get(handlers, name);
  if (typeof original !== 'function') {
    throw unsupported(name);
  }
  Reflect.set(handlers, name, (...args: unknown[]) =>
    gate((...passed) => Reflect.apply(original, undefined, passed), ...args),
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function unsupported(part: string): ChaperoneError {
  return new ChaperoneError(`this version of ssh2 cannot be used (${part} is missing)`, {
    hint: 'install the version that package.json names',
  });
}
