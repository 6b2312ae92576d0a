// The small part of blessed that draws a chart offscreen; the package ships no types.
declare module 'blessed' {
  import type { Readable, Writable } from 'node:stream';

  export interface ScreenOptions {
    readonly input: Readable;
    readonly output: Writable;
    /** Name of the terminfo entry; blessed reads the one of the real terminal otherwise. */
    readonly terminal?: string;
    /** UTF-8 output whatever the locale says. */
    readonly fullUnicode?: boolean;
    readonly smartCSR?: boolean;
  }

  export interface Program {
    cols: number;
    rows: number;
    readonly input: Readable;
    readonly output: Writable;
    destroy(): void;
  }

  /** Anything that can be put on a screen. */
  export interface Element {
    width: number;
    height: number;
    setContent(content: string): void;
    detach(): void;
    destroy(): void;
  }

  export interface Screen {
    readonly program: Program;
    append(element: Element): void;
    remove(element: Element): void;
    alloc(dirty?: boolean): void;
    render(): void;
    /** Cells as text with SGR, lines joined by `\n`; all of the screen without limits. */
    screenshot(left?: number, right?: number, top?: number, bottom?: number): string;
    destroy(): void;
  }

  const blessed: { screen(options: ScreenOptions): Screen };
  export default blessed;
}
