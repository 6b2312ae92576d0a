// How long nobody has touched keyboard and mouse, as the X server counts it (extension MIT-SCREEN-SAVER).

import type { XDisplay, XScreenSaver } from 'x11';
import type { PresenceAdapter } from './adapter.ts';

const CONNECT_MS = 5_000; // a display that does not answer is none
const LOOK_EVERY_MS = 5_000;

export const x11Idle: PresenceAdapter = {
  name: 'idle time of the X11 screen',
  tells: ['away', 'back'],
  start: async ({ environment, awayAfterMs, onEvent, onLost, lookEveryMs = LOOK_EVERY_MS }) => {
    const display = await connect(environment.DISPLAY);
    if (display === null) return null;
    const saver = await screenSaver(display);
    if (saver === null) {
      display.client.terminate();
      return null;
    }
    const [{ root }] = display.screen;
    let away = false;
    const look = () =>
      saver.QueryInfo(root, (error, info) => {
        if (error !== null) return;
        const isAway = info.idle >= awayAfterMs;
        if (isAway !== away) {
          away = isAway;
          onEvent(away ? 'away' : 'back');
        }
      });
    const looking = setInterval(look, lookEveryMs);
    display.client.on('end', () => {
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

async function connect(display: string | undefined): Promise<XDisplay | null> {
  if (display === undefined || display === '') return null;
  const { default: x11 } = await import('x11'); // a machine without a screen does without its memory
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), CONNECT_MS);
    const settle = (found: XDisplay | null) => {
      clearTimeout(timer);
      resolve(found);
    };
    x11
      .createClient({ display }, (error, found) => {
        found?.client.on('error', () => undefined);
        settle(error === null || error === undefined ? found : null);
      })
      .on('error', () => settle(null));
  });
}

function screenSaver({ client }: XDisplay): Promise<XScreenSaver | null> {
  return new Promise((resolve) => {
    client.require('screen-saver', (error, saver) => resolve(error instanceof Error ? null : saver));
  });
}
