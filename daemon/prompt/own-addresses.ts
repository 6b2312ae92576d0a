// Where technicians reach this computer, to be read to one who has never been here: until there is a hub, the number
// alone leads nowhere the first time.

import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

const SHOWN_MAX = 2; // more are not read out on the phone
const ADDRESS = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/; // as `status` writes them
const LOOPBACK = /^(127\.|::1$|localhost$)/;
const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * Of the addresses that the daemon listens on, those that another computer can name; "every address" becomes the IPv4
 * addresses that this computer has.
 */
export function ownAddresses(listen: readonly string[], interfaces: Interfaces = networkInterfaces()): string[] {
  const all = listen.flatMap((text) => {
    const [, v6, v4 = '', port] = ADDRESS.exec(text) ?? [];
    const host = v6 ?? v4;
    if (host === '' || LOOPBACK.test(host)) return [];
    return EVERY_ADDRESS.has(host) ? outward(interfaces).map((own) => `${own}:${port}`) : [text];
  });
  return [...new Set(all)].slice(0, SHOWN_MAX);
}

function outward(interfaces: Interfaces): string[] {
  return Object.values(interfaces).flatMap((infos = []) =>
    infos.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  );
}
