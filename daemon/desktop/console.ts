// Who sits at the machine: logind says which login is at the console. Questions never go to a remote or another login.

import { z } from 'zod';
import { DesktopBus } from './bus/desktop-bus.ts';

const LOGIND = 'org.freedesktop.login1';
const SYSTEM_BUS = 'unix:path=/run/dbus/system_bus_socket';
const Path = z.tuple([z.string()]);
const Property = z.tuple([z.object({ value: z.unknown() })]);

export type Console = 'here' | 'remote' | 'elsewhere' | 'unknown';

/** Where the login of process `pid` is: at the console now, remote, at the console but not now, or not known. */
export async function whereIs(pid: number, environment: NodeJS.ProcessEnv): Promise<Console> {
  let bus: DesktopBus;
  try {
    bus = await DesktopBus.connect(environment.DBUS_SYSTEM_BUS_ADDRESS ?? SYSTEM_BUS);
  } catch {
    return withoutLogind(environment);
  }
  using _ = bus;
  try {
    const manager = { destination: LOGIND, path: '/org/freedesktop/login1', interface: `${LOGIND}.Manager` };
    const [path] = Path.parse(await bus.call({ ...manager, member: 'GetSessionByPID', signature: 'u', body: [pid] }));
    const session = async (name: string) => {
      const properties = { destination: LOGIND, path, interface: 'org.freedesktop.DBus.Properties' };
      const answer = await bus.call({
        ...properties,
        member: 'Get',
        signature: 'ss',
        body: [`${LOGIND}.Session`, name],
      });
      return Property.parse(answer)[0].value;
    };
    if ((await session('Remote')) === true) return 'remote';
    return (await session('Active')) === true ? 'here' : 'elsewhere';
  } catch {
    return withoutLogind(environment);
  }
}

function withoutLogind({ SSH_CONNECTION: ssh }: NodeJS.ProcessEnv): Console {
  return ssh !== undefined && ssh !== '' ? 'remote' : 'unknown';
}
