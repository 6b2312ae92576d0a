// A window that lies over the whole screen and comes to the top again whenever anything happens to another one.

import x11 from 'x11';

interface Coverer {
  readonly client: {
    AllocID(): number;
    CreateWindow(
      id: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      border: number,
      depth: number,
      kind: number,
      visual: number,
      values: object,
    ): void;
    MapWindow(id: number): void;
    RaiseWindow(id: number): void;
    terminate(): void;
    ChangeWindowAttributes(window: number, values: object): void;
    on(event: 'error', listener: () => void): void;
    on(event: 'event', listener: (event: { readonly wid?: number }) => void): void;
  };
  readonly screen: readonly [{ readonly root: number; readonly pixel_width: number; readonly pixel_height: number }];
}

export function coverScreen(display: string): Promise<Disposable> {
  return new Promise((resolve, reject) => {
    x11.createClient({ display }, (error, opened) => {
      if (error !== null && error !== undefined) {
        reject(error);
        return;
      }
      const { client, screen } = opened as unknown as Coverer;
      const [{ root, pixel_width, pixel_height }] = screen;
      client.on('error', () => undefined);
      const window = client.AllocID();
      client.CreateWindow(window, root, 0, 0, pixel_width, pixel_height, 0, 0, 0, 0, {
        overrideRedirect: true,
        backgroundPixel: 0x336699,
      });
      client.MapWindow(window);
      client.on('event', ({ wid }) => {
        if (wid !== window) client.RaiseWindow(window);
      });
      client.ChangeWindowAttributes(root, { eventMask: x11.eventMask.SubstructureNotify });
      resolve({ [Symbol.dispose]: () => client.terminate() });
    });
  });
}
