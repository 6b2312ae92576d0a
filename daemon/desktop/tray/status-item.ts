// The icon in the tray of the desktop: a StatusNotifierItem, registered again whenever a panel comes back.

import { interface as service } from 'dbus-next';
import type { DesktopBus } from '../bus/desktop-bus.ts';
import { DbusMenu } from './dbus-menu.ts';
import { type Pixmap, type TrayState, trayIcon } from './icon.ts';
import { type MenuAction, type TrayView, trayMenu, trayState, trayWords } from './menu-model.ts';

export const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM_PATH = '/StatusNotifierItem';
const MENU_PATH = '/MenuBar';

type BusPixmap = [width: number, height: number, bytes: Buffer];

class Item extends service.Interface {
  readonly Category = 'Communications';
  readonly Id = 'chaperone';
  readonly WindowId = 0;
  readonly IconName = '';
  readonly OverlayIconName = '';
  readonly AttentionIconName = '';
  readonly ItemIsMenu = true;
  readonly Menu = MENU_PATH;
  Title = 'Chaperone';
  Status = 'Active';
  IconPixmap: BusPixmap[] = [];
  AttentionIconPixmap: BusPixmap[] = [];
  ToolTip: [string, BusPixmap[], string, string] = ['', [], 'Chaperone', ''];

  constructor() {
    super('org.kde.StatusNotifierItem');
  }

  ContextMenu(_x: number, _y: number): void {}
  Activate(_x: number, _y: number): void {}
  SecondaryActivate(_x: number, _y: number): void {}
  Scroll(_delta: number, _orientation: string): void {}
  NewTitle(): void {}
  NewIcon(): void {}
  NewAttentionIcon(): void {}
  NewToolTip(): void {}
  NewStatus(status: string): string {
    return status;
  }
}

const read = (signature: string) => ({ signature, access: 'read' as const });
Item.configureMembers({
  properties: {
    Category: read('s'),
    Id: read('s'),
    Title: read('s'),
    Status: read('s'),
    WindowId: read('i'),
    IconName: read('s'),
    IconPixmap: read('a(iiay)'),
    OverlayIconName: read('s'),
    AttentionIconName: read('s'),
    AttentionIconPixmap: read('a(iiay)'),
    ToolTip: read('(sa(iiay)ss)'),
    ItemIsMenu: read('b'),
    Menu: read('o'),
  },
  methods: {
    ContextMenu: { inSignature: 'ii' },
    Activate: { inSignature: 'ii' },
    SecondaryActivate: { inSignature: 'ii' },
    Scroll: { inSignature: 'is' },
  },
  signals: {
    NewTitle: { signature: '' },
    NewIcon: { signature: '' },
    NewAttentionIcon: { signature: '' },
    NewToolTip: { signature: '' },
    NewStatus: { signature: 's' },
  },
});

export class StatusItem implements Disposable {
  readonly #bus: DesktopBus;
  readonly #name: string;
  readonly #item = new Item();
  readonly #menu: DbusMenu;
  #state: TrayState | null = null;
  #shown = '';
  #watching: Disposable | null = null;
  #hosted = false;

  private constructor(bus: DesktopBus, onAction: (action: MenuAction) => void) {
    this.#bus = bus;
    this.#name = `org.kde.StatusNotifierItem-${process.pid}-1`;
    this.#menu = new DbusMenu(onAction);
  }

  /** `onHost` hears whether a panel shows it, now and whenever that changes. @throws NoBus */
  static async open(
    bus: DesktopBus,
    onAction: (action: MenuAction) => void,
    onHost: (hosted: boolean) => void,
  ): Promise<StatusItem> {
    const item = new StatusItem(bus, onAction);
    bus.bus.export(ITEM_PATH, item.#item);
    bus.bus.export(MENU_PATH, item.#menu);
    await bus.bus.requestName(item.#name, 0);
    item.#watching = await bus.watchName(WATCHER, (present) => {
      void item.#register(present).then(() => onHost(item.#hosted));
    });
    return item;
  }

  /** Shows how things are. */
  update(view: TrayView): void {
    const state = trayState(view);
    const words = trayWords(view);
    const menu = trayMenu(view);
    const shown = JSON.stringify([words, menu]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#item.ToolTip = ['', [], 'Chaperone', words];
      this.#item.Title = `Chaperone: ${words}`;
      this.#item.NewToolTip();
      this.#item.NewTitle();
      this.#menu.show(menu);
    }
    if (state !== this.#state) {
      this.#state = state;
      this.#item.IconPixmap = trayIcon(state).map(asBusPixmap);
      this.#item.AttentionIconPixmap = this.#item.IconPixmap;
      this.#item.Status = state === 'asking' ? 'NeedsAttention' : 'Active';
      this.#item.NewIcon();
      this.#item.NewAttentionIcon();
      this.#item.NewStatus(this.#item.Status);
    }
  }

  async #register(present: boolean): Promise<void> {
    this.#hosted = false;
    if (!present) return;
    try {
      await this.#bus.call({
        destination: WATCHER,
        path: '/StatusNotifierWatcher',
        interface: WATCHER,
        member: 'RegisterStatusNotifierItem',
        signature: 's',
        body: [this.#name],
      });
      this.#hosted = true;
    } catch {
      // It went away again; the next one is told.
    }
  }

  [Symbol.dispose](): void {
    this.#watching?.[Symbol.dispose]();
  }
}

function asBusPixmap({ size, bytes }: Pixmap): BusPixmap {
  return [size, size, bytes];
}
