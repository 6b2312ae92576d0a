// What we use of the package `x11`, which brings no types.

declare module 'x11' {
  type Callback<T> = (error: Error | null, reply: T) => void;

  export interface XEvent {
    readonly name?: string;
    readonly wid?: number;
    readonly keycode?: number;
    /** Of the property that changed. */
    readonly atom?: number;
  }

  export interface XClient {
    /** Those of requests name their opcode; those of the connection do not. */
    on(event: 'error', listener: (error: Error & { readonly majorOpcode?: number }) => void): void;
    on(event: 'event', listener: (event: XEvent) => void): void;
    on(event: 'end', listener: () => void): void;
    QueryTree(window: number, callback: Callback<{ children: number[] }>): void;
    GetWindowAttributes(window: number, callback: Callback<{ mapState: number; klass: number }>): void;
    GetGeometry(
      window: number,
      callback: Callback<{ xPos: number; yPos: number; width: number; height: number }>,
    ): void;
    InternAtom(onlyIfExists: boolean, name: string, callback: Callback<number>): void;
    GetProperty(
      deleteIt: 0,
      window: number,
      property: number,
      type: number,
      offset: number,
      length: number,
      callback: Callback<{ data: Buffer }>,
    ): void;
    ChangeProperty(mode: 0, window: number, property: number, type: number, format: 32, data: Buffer): void;
    ChangeWindowAttributes(window: number, values: { readonly eventMask: number }): void;
    SetInputFocus(window: number, revertTo: 0 | 1 | 2): void;
    GetKeyboardMapping(first: number, count: number, callback: Callback<number[][]>): void;
    GrabKey(window: number, owner: 0 | 1, modifiers: number, key: number, pointer: 0 | 1, keyboard: 0 | 1): void;
    SendClientMessage(
      destination: number,
      window: number,
      type: number,
      format: 32,
      data: number[],
      eventMask: number,
    ): void;
    require(extension: 'screen-saver', callback: (error: Error | null, saver: XScreenSaver) => void): void;
    terminate(): void;
  }

  export interface XScreenSaver {
    /** `idle` in ms. */
    QueryInfo(drawable: number, callback: Callback<{ readonly idle: number }>): void;
  }

  export interface XDisplay {
    readonly client: XClient;
    readonly screen: readonly [{ readonly root: number; readonly pixel_width: number; readonly pixel_height: number }];
    readonly min_keycode: number;
    readonly max_keycode: number;
  }

  const x11: {
    createClient(options: { display: string }, callback: Callback<XDisplay>): XClient;
    readonly eventMask: {
      readonly PropertyChange: number;
      readonly SubstructureNotify: number;
      readonly SubstructureRedirect: number;
    };
  };
  export default x11;
}
