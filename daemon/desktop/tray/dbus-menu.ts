// The tray's menu as desktops read it: com.canonical.dbusmenu. Each layout has new numbers, and a click counts once.

import { interface as service, Variant } from 'dbus-next';
import type { MenuAction, MenuEntry } from './menu-model.ts';

const CLICK_AGAIN_MS = 400; // some panels report one click as two events
const ROOT = 0;

interface Item {
  readonly id: number;
  readonly properties: Readonly<Record<string, Variant>>;
  readonly children: readonly Item[];
  readonly action: MenuAction | null;
}

type Layout = [id: number, properties: Record<string, Variant>, children: Variant<Layout>[]];

export class DbusMenu extends service.Interface {
  readonly Version = 3;
  readonly TextDirection = 'ltr';
  readonly Status = 'normal';
  readonly IconThemePath: string[] = [];
  readonly #onAction: (action: MenuAction) => void;
  #items = new Map<number, Item>();
  #revision = 1;
  #next = 1;
  #last = { id: -1, at: Number.NEGATIVE_INFINITY };

  constructor(onAction: (action: MenuAction) => void) {
    super('com.canonical.dbusmenu');
    this.#onAction = onAction;
    this.show([]);
  }

  /** Shows these entries from now on. */
  show(entries: readonly MenuEntry[]): void {
    this.#items = new Map();
    const children = entries.map((entry) => this.#item(entry));
    this.#items.set(ROOT, {
      id: ROOT,
      properties: { 'children-display': new Variant('s', 'submenu') },
      children,
      action: null,
    });
    this.#revision += 1;
    this.LayoutUpdated(this.#revision, ROOT);
  }

  #item(entry: MenuEntry): Item {
    // Never the number of an entry of a former layout: a late click must not hit what stands in its place now.
    const id = this.#next++;
    const item: Item = {
      id,
      properties: propertiesOf(entry),
      children: entry.kind === 'menu' ? entry.entries.map((child) => this.#item(child)) : [],
      action: entry.kind === 'action' ? entry.action : null,
    };
    this.#items.set(id, item);
    return item;
  }

  GetLayout(parent: number, depth: number, _names: string[]): [number, Layout] {
    const item = this.#items.get(parent) ?? { id: parent, properties: {}, children: [], action: null };
    return [this.#revision, layout(item, depth < 0 ? Number.POSITIVE_INFINITY : depth)];
  }

  GetGroupProperties(ids: number[], _names: string[]): [number, Record<string, Variant>][] {
    const asked = ids.length === 0 ? [...this.#items.keys()] : ids;
    return asked.flatMap((id) => {
      const item = this.#items.get(id);
      return item === undefined ? [] : [[id, { ...item.properties }] as [number, Record<string, Variant>]];
    });
  }

  GetProperty(id: number, name: string): Variant {
    return this.#items.get(id)?.properties[name] ?? new Variant('s', '');
  }

  Event(id: number, what: string, _data: Variant, _timestamp: number): void {
    if (what !== 'clicked') return;
    const now = performance.now();
    const again = this.#last.id === id && now - this.#last.at < CLICK_AGAIN_MS;
    this.#last = { id, at: now };
    const action = this.#items.get(id)?.action;
    if (!again && action !== null && action !== undefined) this.#onAction(action);
  }

  EventGroup(events: [number, string, Variant, number][]): number[] {
    const unknown = events.map(([id]) => id).filter((id) => !this.#items.has(id)); // before what they do makes others
    for (const [id, what, data, timestamp] of events) this.Event(id, what, data, timestamp);
    return unknown;
  }

  AboutToShow(_id: number): boolean {
    return false;
  }

  AboutToShowGroup(_ids: number[]): [number[], number[]] {
    return [[], []];
  }

  LayoutUpdated(revision: number, parent: number): [number, number] {
    return [revision, parent];
  }
}

DbusMenu.configureMembers({
  properties: {
    Version: { signature: 'u', access: 'read' },
    TextDirection: { signature: 's', access: 'read' },
    Status: { signature: 's', access: 'read' },
    IconThemePath: { signature: 'as', access: 'read' },
  },
  methods: {
    GetLayout: { inSignature: 'iias', outSignature: 'u(ia{sv}av)' },
    GetGroupProperties: { inSignature: 'aias', outSignature: 'a(ia{sv})' },
    GetProperty: { inSignature: 'is', outSignature: 'v' },
    Event: { inSignature: 'isvu' },
    EventGroup: { inSignature: 'a(isvu)', outSignature: 'ai' },
    AboutToShow: { inSignature: 'i', outSignature: 'b' },
    AboutToShowGroup: { inSignature: 'ai', outSignature: 'aiai' },
  },
  signals: { LayoutUpdated: { signature: 'ui' } },
});

function propertiesOf(entry: MenuEntry): Record<string, Variant> {
  if (entry.kind === 'line') return { type: new Variant('s', 'separator') };
  // An underscore would mark a key.
  const label = { label: new Variant('s', entry.label.replaceAll('_', '__')) };
  if (entry.kind === 'words') return { ...label, enabled: new Variant('b', false) };
  return entry.kind === 'menu' ? { ...label, 'children-display': new Variant('s', 'submenu') } : label;
}

function layout({ id, properties, children }: Item, depth: number): Layout {
  const inside = depth <= 0 ? [] : children.map((child) => new Variant('(ia{sv}av)', layout(child, depth - 1)));
  return [id, { ...properties }, inside];
}
