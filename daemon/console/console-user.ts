// Who sits at the console now, as logind tells: the active login of the first seat, if it is a person's and not remote.

import { z } from 'zod';
import type { DesktopBus } from '../desktop/bus/desktop-bus.ts';
import { mayHaveBus } from '../presence/find-bus.ts';

const LOGIND = 'org.freedesktop.login1';
const SYSTEM_BUS = 'unix:path=/run/dbus/system_bus_socket';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const SEAT = 'seat0';

const Path = z.tuple([z.string()]);
const variantOf = <T>(inner: z.ZodType<T>) => z.tuple([z.object({ value: inner })]);
const ActiveSession = variantOf(z.tuple([z.string(), z.string()]));
const User = variantOf(z.tuple([z.int().min(0), z.string()]));

export class ConsoleUser implements Disposable {
  readonly #bus: DesktopBus;
  readonly #onUser: (uid: number | null) => void;
  #hearing: Disposable | null = null;
  #present: number | null | undefined;
  #reading = false;
  #again = false;

  private constructor(bus: DesktopBus, onUser: (uid: number | null) => void) {
    this.#bus = bus;
    this.#onUser = onUser;
  }

  /** `onUser` hears who it is now and whenever that changes; null: nobody. Null where there is no logind. */
  static async watch(
    environment: NodeJS.ProcessEnv,
    onUser: (uid: number | null) => void,
  ): Promise<ConsoleUser | null> {
    const address = environment.DBUS_SYSTEM_BUS_ADDRESS ?? SYSTEM_BUS;
    if (!mayHaveBus(address)) return null;
    try {
      const { DesktopBus } = await import('../desktop/bus/desktop-bus.ts');
      const bus = await DesktopBus.connect(address);
      if (!(await bus.hasOwner(LOGIND))) {
        bus[Symbol.dispose]();
        return null;
      }
      const watch = new ConsoleUser(bus, onUser);
      const changed = { interface: PROPERTIES, member: 'PropertiesChanged' };
      watch.#hearing = await bus.listen(changed, () => void watch.#read());
      await watch.#read();
      return watch;
    } catch {
      return null;
    }
  }

  async #read(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = true;
    do {
      this.#again = false;
      const uid = await this.#activeUser().catch(() => null);
      if (uid !== this.#present) {
        this.#present = uid;
        this.#onUser(uid);
      }
    } while (this.#again);
    this.#reading = false;
  }

  async #activeUser(): Promise<number | null> {
    const manager = { destination: LOGIND, path: '/org/freedesktop/login1', interface: `${LOGIND}.Manager` };
    const [seat] = Path.parse(await this.#bus.call({ ...manager, member: 'GetSeat', signature: 's', body: [SEAT] }));
    const [active] = ActiveSession.parse(await this.#get(seat, 'Seat', 'ActiveSession'));
    const [id, session] = active.value;
    if (id === '') return null;
    const flag = async (name: string) =>
      variantOf(z.unknown()).parse(await this.#get(session, 'Session', name))[0].value;
    if ((await flag('Remote')) !== false || (await flag('Class')) !== 'user') return null;
    const [user] = User.parse(await this.#get(session, 'Session', 'User'));
    return user.value[0];
  }

  #get(path: string, kind: 'Seat' | 'Session', name: string): Promise<readonly unknown[]> {
    const body = [`${LOGIND}.${kind}`, name];
    return this.#bus.call({ destination: LOGIND, path, interface: PROPERTIES, member: 'Get', signature: 'ss', body });
  }

  [Symbol.dispose](): void {
    this.#hearing?.[Symbol.dispose]();
    this.#bus[Symbol.dispose]();
  }
}
