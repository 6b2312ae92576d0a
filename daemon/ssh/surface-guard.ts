// The one gate between a technician's SSH client and everything else: each request is decided by the table in
// protocol/ssh-surface.ts before ssh2 sees it. Promise 8, on the machine's side.
//
// ssh2 answers unknown requests by itself and tells nobody, so there would be no audit event for them. The gate
// therefore stands in front of ssh2's own packet handlers. They are private: the package is pinned to one version,
// and a connection on which they are not found is refused (promise 10).

import type { Connection } from 'ssh2';
import { ChaperoneError } from '../../protocol/errors.ts';
import type { Scope } from '../../protocol/scopes.ts';
import { decideSsh, type SshRequest } from '../../protocol/ssh-surface.ts';
import { sanitiseLine } from '../../protocol/terminal/sanitise.ts';

const ADMINISTRATIVELY_PROHIBITED = 1; // RFC 4254 §5.1
const REFUSED = 'refused@chaperone'; // a name that ssh2 does not know, so that it answers with a failure
const DETAIL_MAX = 200; // characters of what was tried, for the log

export interface SurfacePolicy {
  /** The scopes that hold at this instant; empty before consent, while paused and after the end. */
  readonly scopes: () => readonly Scope[];
  /** Told of every refusal. `detail` is one safe line, such as the command of an `exec`. */
  readonly onRefused: (what: string, detail: string, reason: string) => void;
  /** The other side made room for more output; ssh2 has no event for it. */
  readonly onWindow: () => void;
}

type Handler = (...args: unknown[]) => void;

/** Puts the gate in front of `client`. Throws when ssh2's handlers are not where they are expected. */
export function guardSurface(client: Connection, policy: SurfacePolicy): void {
  const handlers = packetHandlers(client);

  const decide = (request: SshRequest, detail: string): string | null => {
    const verdict = decideSsh(request, policy.scopes());
    if (verdict.allowed) {
      return null;
    }
    policy.onRefused(
      `${request.kind} ${sanitiseLine(request.name, 60)}`,
      sanitiseLine(detail, DETAIL_MAX),
      verdict.reason,
    );
    return verdict.reason;
  };

  wrap(handlers, 'CHANNEL_OPEN', (pass, protocol, info) => {
    const type = String(field(info, 'type'));
    const reason = decide({ kind: 'channel', name: type }, describe(field(info, 'data')));
    if (reason === null) {
      pass(protocol, info);
    } else {
      call(protocol, 'channelOpenFail', field(info, 'sender'), ADMINISTRATIVELY_PROHIBITED, reason);
    }
  });

  wrap(handlers, 'CHANNEL_REQUEST', (pass, protocol, recipient, type, wantReply, data) => {
    const name = String(type);
    const reason =
      decide({ kind: 'channel request', name }, describe(data)) ??
      (name === 'subsystem' ? decide({ kind: 'subsystem', name: String(data) }, '') : null) ??
      (name === 'env' ? decide({ kind: 'environment', name: String(field(data, 'name')) }, describe(data)) : null);
    pass(protocol, recipient, reason === null ? type : REFUSED, wantReply, reason === null ? data : undefined);
  });

  wrap(handlers, 'CHANNEL_WINDOW_ADJUST', (pass, ...args) => {
    pass(...args);
    policy.onWindow();
  });

  wrap(handlers, 'GLOBAL_REQUEST', (pass, protocol, name, wantReply, data) => {
    const reason = decide({ kind: 'global request', name: String(name) }, describe(data));
    pass(protocol, reason === null ? name : REFUSED, wantReply, reason === null ? data : undefined);
  });
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

function packetHandlers(client: Connection): object {
  const handlers = field(field(client, '_protocol'), '_handlers');
  if (typeof handlers !== 'object' || handlers === null) {
    throw unsupported('_handlers');
  }
  return handlers;
}

function call(target: unknown, method: string, ...args: unknown[]): void {
  const found = field(target, method);
  if (typeof found !== 'function') {
    throw unsupported(method);
  }
  Reflect.apply(found, target, args);
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function describe(data: unknown): string {
  if (data === undefined || data === null) {
    return '';
  }
  return typeof data === 'string' ? data : JSON.stringify(data).slice(0, DETAIL_MAX * 2);
}

function unsupported(part: string): ChaperoneError {
  return new ChaperoneError(`this version of ssh2 cannot be guarded (${part} is missing)`, {
    hint: 'install the version that package.json names',
  });
}
