// Signals of a D-Bus bus: what this machine's desktop and log-in service say by themselves.

import dbus from 'dbus-next';

const ANSWER_MS = 5_000; // a bus answers at once, or there is none

export interface BusSignal {
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

export interface SignalMatch {
  readonly sender?: string;
  readonly interface: string;
  readonly member?: string;
}

export class SignalBus implements Disposable {
  readonly #bus: dbus.MessageBus;

  private constructor(bus: dbus.MessageBus) {
    this.#bus = bus;
  }

  /** Null when no bus answers there. `onLost` is called once when it goes away. */
  static async open(address: string, onLost: () => void): Promise<SignalBus | null> {
    const bus = dbus.sessionBus({ busAddress: address });
    return await new Promise((resolve) => {
      const timer = setTimeout(() => fail(), ANSWER_MS);
      let open = false;
      const fail = () => {
        clearTimeout(timer);
        if (open) onLost();
        open = false;
        bus.disconnect();
        resolve(null);
      };
      bus.on('error', fail);
      // The package does not say when its stream ends; its connection does.
      const connection: unknown = Reflect.get(bus, '_connection');
      if (connection instanceof Object && 'on' in connection && typeof connection.on === 'function') {
        connection.on('end', fail);
      }
      bus.on('connect', () => {
        clearTimeout(timer);
        open = true;
        resolve(new SignalBus(bus));
      });
    });
  }

  /** Calls `listener` for each signal that matches; the bus itself holds it to the sender. */
  async on(match: SignalMatch, listener: (signal: BusSignal) => void): Promise<void> {
    const { sender, interface: name, member } = match;
    const rule = [
      "type='signal'",
      `interface='${name}'`,
      ...(sender === undefined ? [] : [`sender='${sender}'`]),
      ...(member === undefined ? [] : [`member='${member}'`]),
    ].join(',');
    this.#bus.on('message', (message: dbus.Message) => {
      if (message.type !== dbus.MessageType.SIGNAL || message.interface !== name) return;
      if (member !== undefined && message.member !== member) return;
      listener({ path: message.path, interface: name, member: message.member, body: message.body });
    });
    await this.call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'AddMatch', 's', [rule]);
  }

  /** The body of the answer, or null when there is none. */
  async call(
    destination: string,
    path: string,
    name: string,
    member: string,
    signature = '',
    body: readonly unknown[] = [],
  ): Promise<readonly unknown[] | null> {
    const call = new dbus.Message({ destination, path, interface: name, member, signature, body: [...body] });
    try {
      return (await this.#bus.call(call))?.body ?? null;
    } catch {
      return null;
    }
  }

  [Symbol.dispose](): void {
    this.#bus.removeAllListeners('message');
    this.#bus.disconnect();
  }
}
