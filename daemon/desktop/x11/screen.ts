// What really stands on an X11 screen. A program that says that it shows a window is not believed: the X server is asked.

import x11, { type XClient, type XDisplay } from 'x11';
import { ChaperoneError } from '../../../protocol/errors.ts';
import { type OpenDisplay, openDisplay } from './display.ts';
import { type Rectangle, shareInSight } from './rectangle.ts';

const VIEWABLE = 2; // map state: mapped, and so are all of its ancestors
const INPUT_OUTPUT = 1; // the other kind of window shows nothing
const CARDINAL = 6; // predefined atom
const WINDOW = 33; // predefined atom
const TO_POINTER = 1; // who has the keyboard when that window is gone: whatever is below the mouse
const WM_HINTS = 35; // predefined atom, of the property and of its type
const INPUT_HINT = 1; // flag: the second number says whether the window may have the keyboard
const GRAB_KEY = 33; // request code
const LOCKS = [0, 2, 16, 18]; // Caps Lock and Num Lock must not keep a key from being heard
const FRAMES_DEPTH = 2; // a window manager puts a program's window into one or two windows of its own
const SEEN_FROM = 0.75; // share of a window that must be in sight: with less, words of the question are hidden

const NO_SCREEN_HINT =
  '`chaperoned prompt` in a terminal asks and shows instead; on a desktop, is DISPLAY set? Wayland needs Xwayland';

/** `hidden` is not mapped or not there; `covered` is mapped, but below something else or beside the screen. */
export type Sight = 'hidden' | 'covered' | 'visible';

export class NoScreen extends ChaperoneError {}

interface TopLevel extends Rectangle {
  readonly window: number;
}

/** A window that a program made, and that program's process ID by its own word. */
interface Client {
  readonly window: number;
  readonly pid: number;
}

export class XScreen implements Disposable {
  /** Resolves when the display is gone. */
  readonly gone: Promise<void>;
  readonly size: Rectangle;
  readonly #display: XDisplay;
  readonly #root: number;
  readonly #pid: number;
  readonly #keys = new Map<number, () => void>();
  readonly #activeAtom: number;
  readonly #activeListeners = new Set<() => void>();
  #grabsRefused = 0;

  private constructor({ display, gone }: OpenDisplay, pid: number, active: number) {
    this.#display = display;
    this.#pid = pid;
    this.#activeAtom = active;
    const [{ root, pixel_width, pixel_height }] = display.screen;
    this.#root = root;
    this.size = { x: 0, y: 0, width: pixel_width, height: pixel_height };
    this.gone = gone;
    this.#x.on('error', ({ majorOpcode }) => {
      if (majorOpcode === GRAB_KEY) this.#grabsRefused += 1;
      // All others: windows vanish while they are looked at.
    });
    this.#x.on('event', ({ name, keycode, atom }) => {
      if (name === 'KeyPress' && keycode !== undefined) this.#keys.get(keycode)?.();
      if (name === 'PropertyNotify' && atom === active) for (const listener of this.#activeListeners) listener();
    });
    this.#x.ChangeWindowAttributes(root, { eventMask: x11.eventMask.PropertyChange });
  }

  /** @throws NoScreen */
  static async connect(name: string | undefined): Promise<XScreen> {
    const hint = NO_SCREEN_HINT;
    const words = 'there is no X11 screen here, so no window can ask or show anything';
    if (name === undefined || name === '') throw new NoScreen(words, { hint });
    const opened = await openDisplay(name).catch((cause) => {
      throw new NoScreen(words, { hint, cause });
    });
    return await new Promise((resolve, reject) => {
      void opened.gone.then(() => reject(new NoScreen('the X11 screen is gone', { hint })));
      const { client } = opened.display;
      client.InternAtom(false, '_NET_WM_PID', (_, pid) => {
        client.InternAtom(false, '_NET_ACTIVE_WINDOW', (_, active) => resolve(new XScreen(opened, pid, active)));
      });
    });
  }

  get #x(): XClient {
    return this.#display.client;
  }

  /** How the best placed window of process `pid` is seen; those of `besides` do not count. */
  async sightOf(pid: number, besides: ReadonlySet<number> = new Set()): Promise<Sight> {
    const all = await this.#topLevels();
    const owners = await Promise.all(all.map(async ({ window }) => (await this.#ownedBy(window, pid)) !== null));
    let best: Sight = 'hidden';
    for (const [index, top] of all.entries()) {
      if (owners[index] !== true || besides.has(top.window)) continue;
      const above = all.slice(index + 1).filter((_, offset) => owners[index + 1 + offset] !== true);
      if (shareInSight(top, this.size, above) >= SEEN_FROM) return 'visible';
      best = 'covered';
    }
    return best;
  }

  /** Windows of process `pid` that can be seen, as the root holds them. */
  async windowsOf(pid: number): Promise<ReadonlySet<number>> {
    const owned = await Promise.all(
      (await this.#topLevels()).map(async ({ window }) =>
        (await this.#ownedBy(window, pid)) === null ? null : window,
      ),
    );
    return new Set(owned.filter((window) => window !== null));
  }

  /** The window that has the keyboard, or null where no window manager tells. */
  async activeWindow(): Promise<number | null> {
    const [active] = await this.#numbers(this.#root, this.#activeAtom, WINDOW, 1);
    return active === undefined || active === 0 ? null : active;
  }

  /** Calls `listener` whenever the window manager says that another window has the keyboard, until disposed of. */
  onActiveWindow(listener: () => void): Disposable {
    this.#activeListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#activeListeners.delete(listener) };
  }

  /** Hands the keyboard to `window` when a window of process `pid` has it: some programs cannot be kept from taking it. */
  async giveKeyboardBack(pid: number, window: number): Promise<void> {
    const active = await this.activeWindow();
    if (active === null || (await this.#clientIn(active, 0))?.pid !== pid) return;
    this.#x.SetInputFocus(window, TO_POINTER); // not by the window manager, which would raise it over the question
  }

  /** Lets the windows of process `pid` have the keyboard, which they were opened without. */
  async letHaveKeyboard(pid: number): Promise<void> {
    const all = await this.#topLevels();
    for (const { window } of all) {
      const own = await this.#ownedBy(window, pid);
      if (own === null) continue;
      const hints = await this.#numbers(own, WM_HINTS, WM_HINTS, 9);
      if (hints.length < 2) continue;
      const data = Buffer.alloc(hints.length * 4);
      const changed = [(hints[0] ?? 0) | INPUT_HINT, 1, ...hints.slice(2)];
      for (const [at, value] of changed.entries()) data.writeUInt32LE(value, at * 4);
      this.#x.ChangeProperty(0, own, WM_HINTS, WM_HINTS, 32, data);
    }
  }

  /** Keeps the windows of process `pid` above others and on every desktop, where the window manager agrees. */
  async keepAbove(pid: number): Promise<void> {
    const [state, above, sticky] = await Promise.all(
      ['_NET_WM_STATE', '_NET_WM_STATE_ABOVE', '_NET_WM_STATE_STICKY'].map((name) => this.#atom(name)),
    );
    const { SubstructureNotify, SubstructureRedirect } = x11.eventMask;
    for (const { window } of await this.#topLevels()) {
      const own = await this.#ownedBy(window, pid);
      if (own === null || state === undefined || above === undefined || sticky === undefined) continue;
      const add = [1, above, sticky, 1, 0];
      this.#x.SendClientMessage(this.#root, own, state, 32, add, SubstructureNotify | SubstructureRedirect);
    }
  }

  /**
   * Hears of a key wherever the keyboard is, until disposed of. Null when another program has the key, or no key of
   * this keyboard gives `keysym`.
   */
  async grabKey(keysym: number, modifiers: number, onPress: () => void): Promise<Disposable | null> {
    const { min_keycode: first, max_keycode: last } = this.#display;
    const mapping = await new Promise<number[][]>((resolve) => {
      this.#x.GetKeyboardMapping(first, last - first + 1, (error, found) => resolve(error ? [] : found));
    });
    const at = mapping.findIndex((keysyms) => keysyms[0] === keysym);
    if (at === -1) return null;
    const keycode = first + at;
    this.#grabsRefused = 0;
    for (const locks of LOCKS) this.#x.GrabKey(this.#root, 0, modifiers | locks, keycode, 1, 1);
    await this.#childrenOf(this.#root); // a round trip: refusals come before its answer
    if (this.#grabsRefused > 0) return null;
    this.#keys.set(keycode, onPress);
    return { [Symbol.dispose]: () => void this.#keys.delete(keycode) };
  }

  /** The part of the screen that panels leave free. */
  async workArea(): Promise<Rectangle> {
    const [x, y, width, height] = await this.#numbers(this.#root, await this.#atom('_NET_WORKAREA'), CARDINAL, 4);
    return x === undefined || y === undefined || width === undefined || height === undefined || width === 0
      ? this.size
      : { x, y, width, height };
  }

  /** Windows of the root from the lowest to the uppermost, as far as they can be seen. */
  async #topLevels(): Promise<TopLevel[]> {
    const windows = await this.#childrenOf(this.#root);
    const found = await Promise.all(windows.map((window) => this.#topLevel(window)));
    return found.filter((top) => top !== null);
  }

  #topLevel(window: number): Promise<TopLevel | null> {
    return new Promise((resolve) => {
      this.#x.GetWindowAttributes(window, (error, attributes) => {
        if (error || attributes.mapState !== VIEWABLE || attributes.klass !== INPUT_OUTPUT) {
          resolve(null);
          return;
        }
        this.#x.GetGeometry(window, (failed, geometry) => {
          if (failed) resolve(null);
          else {
            const { xPos: x, yPos: y, width, height } = geometry;
            resolve({ window, x, y, width, height });
          }
        });
      });
    });
  }

  /** The window of process `pid` that is the top-level window `window` or inside it, or null. */
  async #ownedBy(window: number, pid: number): Promise<number | null> {
    const client = await this.#clientIn(window, FRAMES_DEPTH);
    return client?.pid === pid ? client.window : null;
  }

  async #clientIn(window: number, depth: number): Promise<Client | null> {
    const [pid] = await this.#numbers(window, this.#pid, CARDINAL, 1);
    if (pid !== undefined) return { window, pid };
    if (depth === 0) return null;
    const children = await this.#childrenOf(window);
    const inside = await Promise.all(children.map((child) => this.#clientIn(child, depth - 1)));
    return inside.find((found) => found !== null) ?? null;
  }

  #childrenOf(window: number): Promise<number[]> {
    return new Promise((resolve) => {
      this.#x.QueryTree(window, (error, tree) => resolve(error ? [] : tree.children));
    });
  }

  #numbers(window: number, property: number, type: number, count: number): Promise<number[]> {
    return new Promise((resolve) => {
      this.#x.GetProperty(0, window, property, type, 0, count, (error, reply) => {
        if (error) resolve([]);
        else
          resolve(
            Array.from({ length: Math.min(count, reply.data.length >> 2) }, (_, at) => reply.data.readUInt32LE(at * 4)),
          );
      });
    });
  }

  #atom(name: string): Promise<number> {
    return new Promise((resolve) => this.#x.InternAtom(false, name, (error, atom) => resolve(error ? 0 : atom)));
  }

  [Symbol.dispose](): void {
    this.#keys.clear();
    this.#activeListeners.clear();
    this.#x.terminate();
  }
}
