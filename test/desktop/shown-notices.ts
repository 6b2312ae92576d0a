// A notification service on the person's D-Bus session that keeps what it is to show.

import { once } from 'node:events';
import dbus, { type MessageBus, sessionBus } from 'dbus-next';

class Service extends dbus.interface.Interface {
  readonly shown: string[] = [];

  constructor() {
    super('org.freedesktop.Notifications');
  }

  GetCapabilities(): string[] {
    return ['body'];
  }

  Notify(...[, , , summary, body]: [string, number, string, string, string, string[], object, number]): number {
    return this.shown.push(`${summary}: ${body}`);
  }

  CloseNotification(_id: number): void {}
}
Service.configureMembers({
  methods: {
    GetCapabilities: { inSignature: '', outSignature: 'as' },
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    CloseNotification: { inSignature: 'u' },
  },
});

export class ShownNotices implements Disposable {
  readonly #bus: MessageBus;
  readonly #service: Service;

  private constructor(bus: MessageBus, service: Service) {
    this.#bus = bus;
    this.#service = service;
  }

  static async start(address: string | undefined): Promise<ShownNotices> {
    const bus = sessionBus({ busAddress: address ?? '' });
    await once(bus, 'connect');
    const service = new Service();
    bus.export('/org/freedesktop/Notifications', service);
    await bus.requestName('org.freedesktop.Notifications', 0);
    return new ShownNotices(bus, service);
  }

  /** Each as `summary: body`, in order. */
  get shown(): readonly string[] {
    return this.#service.shown;
  }

  [Symbol.dispose](): void {
    this.#bus.disconnect();
  }
}
