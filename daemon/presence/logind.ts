// systemd-logind: locks, log-outs and sleep, from the system bus.

import { z } from 'zod';
import type { PresenceAdapter, PresenceOptions } from './adapter.ts';
import type { BusSignal, SignalBus } from './bus.ts';
import { busAt } from './find-bus.ts';

const LOGIND = 'org.freedesktop.login1';
const MANAGER_PATH = '/org/freedesktop/login1';
const MANAGER = 'org.freedesktop.login1.Manager';
const SESSION = 'org.freedesktop.login1.Session';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const SYSTEM_BUS = 'unix:path=/run/dbus/system_bus_socket';

/** `ListSessions`: id, uid, user, seat, path. */
const Sessions = z.tuple([z.array(z.tuple([z.string(), z.number(), z.string(), z.string(), z.string()]))]);
const Changed = z.tuple([
  z.literal(SESSION),
  z.looseObject({ LockedHint: z.object({ value: z.boolean() }).optional() }),
]);

export const logind: PresenceAdapter = {
  name: 'the log-in service (logind)',
  tells: ['locked', 'unlocked', 'asleep', 'awake', 'left'],
  start: async (options) => {
    const address = options.environment.DBUS_SYSTEM_BUS_ADDRESS ?? SYSTEM_BUS;
    const bus = await busAt(address, options.onLost);
    if (bus === null) return null;
    const watch = new Logind(bus, options);
    if (await watch.begin()) return bus;
    bus[Symbol.dispose]();
    return null;
  },
};

class Logind {
  readonly #bus: SignalBus;
  readonly #options: PresenceOptions;
  /** Sessions of the person, by the path of their object. */
  #own = new Set<string>();

  constructor(bus: SignalBus, options: PresenceOptions) {
    this.#bus = bus;
    this.#options = options;
  }

  /** False where no log-in service answers. */
  async begin(): Promise<boolean> {
    if (!(await this.#look())) return false;
    const { onEvent } = this.#options;
    await this.#bus.on({ sender: LOGIND, interface: SESSION }, ({ path, member }) => {
      if (!this.#own.has(path)) return;
      if (member === 'Lock') onEvent('locked');
      else if (member === 'Unlock') onEvent('unlocked');
    });
    await this.#bus.on({ sender: LOGIND, interface: PROPERTIES, member: 'PropertiesChanged' }, (signal) => {
      const changed = Changed.safeParse(signal.body.slice(0, 2));
      const locked = changed.data?.[1].LockedHint?.value;
      if (locked !== undefined && this.#own.has(signal.path)) onEvent(locked ? 'locked' : 'unlocked');
    });
    await this.#bus.on({ sender: LOGIND, interface: MANAGER }, (signal) => this.#managed(signal));
    return true;
  }

  #managed({ member, body }: BusSignal): void {
    const { onEvent } = this.#options;
    if (member === 'PrepareForSleep') onEvent(body[0] === true ? 'asleep' : 'awake');
    else if (member === 'SessionNew') void this.#look();
    else if (member === 'SessionRemoved' && this.#own.delete(String(body[1])) && this.#own.size === 0) onEvent('left');
  }

  async #look(): Promise<boolean> {
    const answer = await this.#bus.call(LOGIND, MANAGER_PATH, MANAGER, 'ListSessions');
    const parsed = Sessions.safeParse(answer);
    if (!parsed.success) return false;
    const uid = this.#options.uid ?? process.getuid?.() ?? -1;
    // A daemon of root serves whoever sits at a seat of this computer.
    const own = parsed.data[0].filter(([, owner, , seat]) => (uid === 0 ? seat !== '' : owner === uid));
    this.#own = new Set(own.map(([, , , , path]) => path));
    return true;
  }
}
