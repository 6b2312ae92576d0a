// How long nobody has touched keyboard and mouse, as the X server counts it (extension MIT-SCREEN-SAVER).

import type { XDisplay, XScreenSaver } from 'x11';
import type { OpenDisplay } from '../desktop/x11/display.ts';
import type { PresenceAdapter } from './adapter.ts';

const LOOK_EVERY_MS = 5_000;

export const x11Idle: PresenceAdapter = {
  name: 'idle time of the X11 screen',
  tells: ['away', 'back'],
  start: async ({ environment, awayAfterMs, onEvent, onLost, lookEveryMs = LOOK_EVERY_MS }) => {
    const opened = await open(environment.DISPLAY);
    if (opened === null) return null;
    const { display, gone } = opened;
    const saver = await Promise.race([screenSaver(display), gone.then(() => null)]);
    if (saver === null) {
      display.client.terminate();
      return null;
    }
    const [{ root }] = display.screen;
    let away = false;
    const look = () =>
      saver.QueryInfo(root, (error, info) => {
        if (error !== null) return;
        const isAway = info.idle >= awayAfterMs();
        if (isAway !== away) {
          away = isAway;
          onEvent(away ? 'away' : 'back');
        }
      });
    const looking = setInterval(look, lookEveryMs);
    void gone.then(() => {
      clearInterval(looking);
      onLost();
    });
    look();
    return {
      [Symbol.dispose]: () => {
        clearInterval(looking);
        display.client.terminate();
      },
    };
  },
};

async function open(name: string | undefined): Promise<OpenDisplay | null> {
  if (name === undefined || name === '') return null;
  const { openDisplay } = await import('../desktop/x11/display.ts'); // a machine without a screen does without its memory
  return await openDisplay(name).catch(() => null);
}

function screenSaver({ client }: XDisplay): Promise<XScreenSaver | null> {
  return new Promise((resolve) => {
    client.require('screen-saver', (error, saver) => resolve(error instanceof Error ? null : saver));
  });
}
