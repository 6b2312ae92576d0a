// The tray's menu as a panel reads and clicks it: com.canonical.dbusmenu over the D-Bus session.

import { Variant } from 'dbus-next';
import { z } from 'zod';
import { DesktopBus } from '../../daemon/desktop/bus/desktop-bus.ts';

const MENU = 'com.canonical.dbusmenu';

interface Entry {
  readonly id: number;
  readonly label: string;
  readonly entries: readonly Entry[];
}

type Layout = [number, Record<string, { value: unknown }>, { value: Layout }[]];
const Layout: z.ZodType<Layout> = z.lazy(() =>
  z.tuple([
    z.number(),
    z.record(z.string(), z.looseObject({ value: z.unknown() })),
    z.array(z.looseObject({ value: Layout })),
  ]),
);

export class TrayMenu implements Disposable {
  readonly #bus: DesktopBus;
  readonly #at: { readonly destination: string; readonly path: string; readonly interface: string };

  private constructor(bus: DesktopBus, pid: number) {
    this.#bus = bus;
    this.#at = { destination: `org.kde.StatusNotifierItem-${pid}-1`, path: '/MenuBar', interface: MENU };
  }

  /** Of the tray that runs as process `pid`. */
  static async of(pid: number | undefined, address: string | undefined): Promise<TrayMenu> {
    return new TrayMenu(await DesktopBus.connect(address), pid ?? 0);
  }

  /** All that can be read in it, submenus included. */
  async words(): Promise<string> {
    const flat = ({ label, entries }: Entry): string[] => [label, ...entries.flatMap(flat)];
    return flat(await this.#root()).join('\n');
  }

  /** Clicks the entry with these words; null when there is none, or when the menu was made anew meanwhile. */
  async click(words: string): Promise<true | null> {
    const find = (entry: Entry): Entry | undefined =>
      entry.label === words ? entry : entry.entries.map(find).find((found) => found !== undefined);
    const found = find(await this.#root());
    if (found === undefined) return null;
    const body = [[[found.id, 'clicked', new Variant('i', 0), 0]]];
    const [unknown] = await this.#bus.call({ ...this.#at, member: 'EventGroup', signature: 'a(isvu)', body });
    return z.array(z.number()).parse(unknown).length === 0 || null;
  }

  async #root(): Promise<Entry> {
    const [, layout] = await this.#bus.call({ ...this.#at, member: 'GetLayout', signature: 'iias', body: [0, -1, []] });
    return entryOf(Layout.parse(layout));
  }

  [Symbol.dispose](): void {
    this.#bus[Symbol.dispose]();
  }
}

function entryOf([id, { label }, children]: Layout): Entry {
  return { id, label: String(label?.value ?? ''), entries: children.map(({ value }) => entryOf(value)) };
}
