// Notifications that Debian's own service draws, found and pressed on the screen.

import { DesktopBus } from '../../daemon/desktop/bus/desktop-bus.ts';
import { NOTIFICATIONS } from '../../daemon/desktop/bus/notifications.ts';
import type { Found, XDesktop } from './x-desktop.ts';

export const NOTIFICATION_SERVICE = '/usr/lib/notification-daemon/notification-daemon'; // of the package of that name
/** The buttons of a question, from the lower right corner. */
export const BUBBLE = { allow: [79, 37], less: [149, 37], deny: [238, 37] } as const;
const SMALLEST = 100; // pixels; the service has a small window in the tray, too

/** A notification on the screen that is none of `besides`, or null. */
export async function bubbleOn(desktop: XDesktop, besides: ReadonlySet<string> = new Set()): Promise<Found | null> {
  const found = await desktop.ask('search', '--onlyvisible', '--class', 'notification-daemon');
  for (const window of found?.split('\n') ?? []) {
    if (window === '' || besides.has(window)) continue;
    if ((await desktop.sizeOf({ window, pid: 0 })).width > SMALLEST) return { window, pid: 0 };
  }
  return null;
}

/** Resolves when the service answers on the desktop's bus. */
export async function startNotifications(desktop: XDesktop): Promise<ReturnType<XDesktop['start']>> {
  using bus = await DesktopBus.connect(desktop.environment.DBUS_SESSION_BUS_ADDRESS);
  // One that was killed before: the bus may not have heard of it yet.
  await desktop.until(async () => !(await bus.hasOwner(NOTIFICATIONS)), 'the end of the last service');
  const service = desktop.start(NOTIFICATION_SERVICE);
  await desktop.until(() => bus.hasOwner(NOTIFICATIONS), 'the notification service');
  return service;
}
