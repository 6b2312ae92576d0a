// The D-Bus session of the person's desktop: calls, signals, and who is there.

import { existsSync } from 'node:fs';
import { Message, type MessageBus, MessageType, sessionBus } from 'dbus-next';
import { z } from 'zod';
import { ChaperoneError } from '../../../protocol/errors.ts';

const CONNECT_MS = 3000; // a bus that does not answer is none
const BUS = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' };
const OwnerChanged = z.tuple([z.string(), z.string(), z.string()]);

export class NoBus extends ChaperoneError {}

export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: unknown[];
}

export interface BusSignal {
  readonly interface: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

export class DesktopBus implements Disposable {
  readonly bus: MessageBus;

  private constructor(bus: MessageBus) {
    this.bus = bus;
  }

  /** @throws NoBus */
  static async connect(address: string | undefined): Promise<DesktopBus> {
    if (address === undefined) throw new NoBus('this desktop has no D-Bus session');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const fail = (cause?: unknown) => reject(new NoBus('the D-Bus session of this desktop does not answer', { cause }));
    const timer = setTimeout(fail, CONNECT_MS);
    try {
      const bus = sessionBus({ busAddress: address });
      bus.on('error', fail);
      bus.on('connect', () => resolve());
      await promise;
      return new DesktopBus(bus);
    } catch (error) {
      throw error instanceof NoBus ? error : new NoBus('this desktop has no D-Bus session', { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  /** What the other side answers, still to be parsed. @throws NoBus when it is not there or refuses */
  async call(call: BusCall): Promise<readonly unknown[]> {
    try {
      const answer = await this.bus.call(new Message({ ...call, type: MessageType.METHOD_CALL }));
      return answer?.body ?? [];
    } catch (cause) {
      throw new NoBus(`${call.destination} did not answer ${call.member}`, { cause });
    }
  }

  /** Calls `listener` for each signal of `from` until disposed of. */
  async listen(
    from: { readonly interface: string; readonly member?: string },
    listener: (signal: BusSignal) => void,
  ): Promise<Disposable> {
    const member = from.member === undefined ? '' : `,member='${from.member}'`;
    const rule = `type='signal',interface='${from.interface}'${member}`;
    const hear = (message: Message) => {
      if (message.type !== MessageType.SIGNAL || message.interface !== from.interface) return;
      if (from.member !== undefined && message.member !== from.member) return;
      listener({ interface: message.interface, member: message.member, body: message.body });
    };
    this.bus.on('message', hear);
    await this.call({ ...BUS, member: 'AddMatch', signature: 's', body: [rule] });
    return { [Symbol.dispose]: () => void this.bus.off('message', hear) };
  }

  /** Whether someone owns `name`, now and (by `listener`) whenever that changes. */
  async watchName(name: string, listener: (present: boolean) => void): Promise<Disposable> {
    const hearing = await this.listen({ interface: BUS.interface, member: 'NameOwnerChanged' }, ({ body }) => {
      const change = OwnerChanged.safeParse(body);
      if (change.success && change.data[0] === name) listener(change.data[2] !== '');
    });
    listener(await this.hasOwner(name));
    return hearing;
  }

  async hasOwner(name: string): Promise<boolean> {
    const [has] = await this.call({ ...BUS, member: 'NameHasOwner', signature: 's', body: [name] });
    return has === true;
  }

  /** Process of the owner of `name`, or null. */
  async processOf(name: string): Promise<number | null> {
    try {
      const [pid] = await this.call({ ...BUS, member: 'GetConnectionUnixProcessID', signature: 's', body: [name] });
      return typeof pid === 'number' ? pid : null;
    } catch {
      return null;
    }
  }

  [Symbol.dispose](): void {
    this.bus.disconnect();
  }
}

/** Where the session bus is, or undefined. */
export function busAddress(environment: NodeJS.ProcessEnv): string | undefined {
  const { DBUS_SESSION_BUS_ADDRESS: given, XDG_RUNTIME_DIR: runtime } = environment;
  if (given !== undefined && given !== '') return given.startsWith('disabled:') ? undefined : given;
  const usual = `${runtime}/bus`;
  return runtime !== undefined && existsSync(usual) ? `unix:path=${usual}` : undefined;
}
