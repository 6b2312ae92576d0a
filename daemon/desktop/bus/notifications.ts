// Notifications of the desktop (org.freedesktop.Notifications): words that come and go, with buttons where there are any.

import { Variant } from 'dbus-next';
import { z } from 'zod';
import { sanitiseText } from '../../../protocol/terminal/sanitise.ts';
import { pango } from '../dialog/pango.ts';
import type { DesktopBus } from './desktop-bus.ts';

export const NOTIFICATIONS = 'org.freedesktop.Notifications';
const SERVICE = { destination: NOTIFICATIONS, path: '/org/freedesktop/Notifications', interface: NOTIFICATIONS };
const CRITICAL = 2; // urgency: it stays until it is answered
const NORMAL = 1;
const GOES_MS = 300; // then a notification that is taken away goes by itself

const Capabilities = z.tuple([z.array(z.string())]);
const Shown = z.tuple([z.int()]);
const Acted = z.tuple([z.int(), z.string()]);
const Closed = z.tuple([z.int(), z.int()]);

export interface Notice {
  readonly summary: string;
  readonly body: string;
  /** Key and words of each button. @default none */
  readonly actions?: readonly (readonly [key: string, words: string])[];
  /** Whether it stays until it is answered. @default false */
  readonly stays?: boolean;
}

export interface NoticeEvents {
  onAction(key: string): void;
  onClosed(): void;
}

export class Notifications implements Disposable {
  readonly #bus: DesktopBus;
  readonly #hearing: Disposable;
  readonly #shown = new Map<number, NoticeEvents>();
  readonly #capabilities: ReadonlySet<string>;

  private constructor(
    bus: DesktopBus,
    hearing: Disposable,
    capabilities: readonly string[],
    shown: Map<number, NoticeEvents>,
  ) {
    this.#bus = bus;
    this.#hearing = hearing;
    this.#capabilities = new Set(capabilities);
    this.#shown = shown;
  }

  /** Null where the desktop shows none. */
  static async open(bus: DesktopBus): Promise<Notifications | null> {
    const shown = new Map<number, NoticeEvents>();
    try {
      const [capabilities] = Capabilities.parse(await bus.call({ ...SERVICE, member: 'GetCapabilities' }));
      const hearing = await bus.listen({ interface: NOTIFICATIONS }, ({ member, body }) => {
        if (member === 'ActionInvoked') {
          const acted = Acted.safeParse(body);
          if (!acted.success) return;
          const [id, key] = acted.data;
          const events = shown.get(id);
          shown.delete(id); // the service takes it away by itself
          events?.onAction(key);
        } else if (member === 'NotificationClosed') {
          const closed = Closed.safeParse(body);
          if (!closed.success) return;
          const events = shown.get(closed.data[0]);
          shown.delete(closed.data[0]);
          events?.onClosed();
        }
      });
      return new Notifications(bus, hearing, capabilities, shown);
    } catch {
      return null;
    }
  }

  get hasButtons(): boolean {
    return this.#capabilities.has('actions');
  }

  /** Process that draws them, or null. */
  process(): Promise<number | null> {
    return this.#bus.processOf(NOTIFICATIONS);
  }

  /** Shows a notice; its number. @throws NoBus */
  async show({ summary, body, actions = [], stays = false }: Notice, events?: NoticeEvents): Promise<number> {
    const marked = this.#capabilities.has('body-markup');
    const text = sanitiseText(body, { maxLength: 4000, maxLines: 60 });
    const words = marked
      ? text
          .split('\n')
          .map((line) => pango(line, 600))
          .join('\n')
      : text;
    const hints = { urgency: new Variant('y', stays ? CRITICAL : NORMAL) };
    const answer = await this.#bus.call({
      ...SERVICE,
      member: 'Notify',
      signature: 'susssasa{sv}i',
      body: ['Chaperone', 0, 'dialog-information', summary, words, actions.flat(), hints, stays ? 0 : -1],
    });
    const [id] = Shown.parse(answer);
    if (events !== undefined) this.#shown.set(id, events);
    return id;
  }

  /** Takes one away. */
  close(id: number): void {
    if (!this.#shown.delete(id)) return; // it went by itself
    const hints = { urgency: new Variant('y', 0), transient: new Variant('b', true) };
    // Some services leave an urgent one on the screen when it is closed: it is first made one that goes by itself.
    const body = ['Chaperone', id, '', 'Not asked any more', '', [], hints, GOES_MS];
    void this.#bus
      .call({ ...SERVICE, member: 'Notify', signature: 'susssasa{sv}i', body })
      .then(() => this.#bus.call({ ...SERVICE, member: 'CloseNotification', signature: 'u', body: [id] }))
      .catch(() => undefined); // it is gone already
  }

  [Symbol.dispose](): void {
    this.#hearing[Symbol.dispose]();
    this.#shown.clear();
  }
}
