// The desktop's own screen lock, from the session bus: the freedesktop.org interface, and what GNOME says instead.

import type { PresenceAdapter } from './adapter.ts';
import { busAt } from './find-bus.ts';

const INTERFACES = ['org.freedesktop.ScreenSaver', 'org.gnome.ScreenSaver', 'org.cinnamon.ScreenSaver'] as const;

export const screensaver: PresenceAdapter = {
  name: 'the screen lock of the desktop',
  tells: ['locked', 'unlocked'],
  start: async ({ environment, onEvent, onLost }) => {
    const address = environment.DBUS_SESSION_BUS_ADDRESS;
    const bus = address === undefined ? null : await busAt(address, onLost);
    if (bus === null) return null;
    for (const name of INTERFACES) {
      await bus.on({ interface: name, member: 'ActiveChanged' }, ({ body }) => {
        if (typeof body[0] === 'boolean') onEvent(body[0] ? 'locked' : 'unlocked');
      });
    }
    return bus;
  },
};
