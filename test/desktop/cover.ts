// A window that lies over the whole screen, above all others for as long as it has the keyboard: no question is in sight
// for even a moment, as it would be beside one that only comes to the top again.

import type { XDesktop } from './x-desktop.ts';

export async function coverScreen(desktop: XDesktop): Promise<void> {
  desktop.start('xterm', '-fullscreen', '-T', 'a cover');
  const cover = await desktop.window('a cover');
  await desktop.focus(cover);
  const [width = 0, height = 0] = (await desktop.ask('getdisplaygeometry'))?.split(' ').map(Number) ?? [];
  await desktop.until(async () => {
    const size = await desktop.sizeOf(cover);
    return size.width === width && size.height === height;
  }, 'the cover to be as large as the screen');
}
