// The list of permissions while it is open. To give a permission takes a key that was pressed after the confirmation
// could be read: a technician can ask the person to type the right keys, and a burst of them must give nothing away.

import { ALLOW_ARMS_AFTER_MS } from '../../protocol/consent.ts';
import type { Key } from '../terminal/keys.ts';
import { armMenu, type MenuEntry, type PermissionMenu, pressMenu } from './permission-menu.ts';

export interface MenuView {
  /** Shows the list as it is now, `again` when it stands there already; resolves once it is on the screen. */
  paint(menu: PermissionMenu, again: boolean): Promise<void>;
  /** From now on keys can give what was chosen. */
  onArmed(): void;
}

export class OpenMenu implements Disposable {
  readonly #view: MenuView;
  #menu: PermissionMenu | null = null;
  #arming: NodeJS.Timeout | undefined;

  constructor(view: MenuView) {
    this.#view = view;
  }

  get menu(): PermissionMenu | null {
    return this.#menu;
  }

  open(menu: PermissionMenu | null): void {
    this.#set(menu, false);
  }

  close(): void {
    this.open(null);
  }

  /** What the key chose, for good; null when nothing is to be done yet or any more. */
  press(key: Key): MenuEntry | null {
    if (this.#menu === null) return null;
    const effect = pressMenu(this.#menu, key);
    this.#set(effect.kind === 'menu' ? effect.menu : null, false);
    return effect.kind === 'do' ? effect.entry : null;
  }

  /** Something came up that the person may be reading, or answering: they get the time to read once more. */
  disturb(): void {
    if (this.#menu !== null && this.#menu.chosen !== null) this.#set({ ...this.#menu, armed: false }, true);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#arming);
    this.#menu = null;
  }

  #set(menu: PermissionMenu | null, again: boolean): void {
    clearTimeout(this.#arming);
    this.#menu = menu;
    if (menu === null) return;
    this.#view.paint(menu, again).then(
      () => {
        if (this.#menu === menu && menu.chosen !== null) this.#armLater(menu);
      },
      () => undefined, // what is not on the screen is never armed
    );
  }

  #armLater(menu: PermissionMenu): void {
    this.#arming = setTimeout(() => {
      // One more turn of the event loop: what was typed while this process did not run is read before keys count.
      setImmediate(() => {
        if (this.#menu !== menu) return;
        this.#menu = armMenu(menu);
        this.#view.onArmed();
      });
    }, ALLOW_ARMS_AFTER_MS);
  }
}
