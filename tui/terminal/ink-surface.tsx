// Runs Ink without a terminal: whole frames come out as rows. Ink 8 paints a full screen correctly by itself, but it
// cannot share it with a shell (25–32 ms per frame through its layout, measured at 120×40).

import { PassThrough, Writable } from 'node:stream';
import { render, useInput } from 'ink';
import type { ReactNode } from 'react';
import type { Size } from './frame.ts';

/** What Ink takes for its terminal. */
class InkOutput extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  readonly #onFrame: (frame: string) => void;

  constructor(size: Size, onFrame: (frame: string) => void) {
    super({ decodeStrings: false });
    this.columns = size.cols;
    this.rows = size.rows;
    this.#onFrame = onFrame;
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    const text = chunk.toString();
    // Besides frames, Ink writes cursor and paste modes; those are the terminal owner's.
    if (text !== '' && !/^(\x1b\[\?\d+[hl])+$/.test(text)) this.#onFrame(text);
    done();
  }
}

/** What Ink takes for its keyboard. Keys do not come this way, only knocks: see {@link InkSurface.act}. */
class InkInput extends PassThrough {
  readonly isTTY = true;
  setRawMode(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** Acts on knocks inside of Ink's input handling, which is where React makes every change at once. */
function Door({ pending, children }: { readonly pending: (() => void)[]; readonly children: ReactNode }): ReactNode {
  useInput(() => {
    for (const action of pending.splice(0)) action();
  });
  return children;
}

export interface InkSurface extends Disposable {
  /**
   * Runs `action` soon, in this turn, in such a way that what it changes is in place before the next turn. Outside of
   * it React may take its time, and of two keys typed quickly the second would meet the state before the first.
   */
  act(action: () => void): void;
  /** Lays out anew; the frame arrives before this returns. */
  resize(size: Size): void;
  /** Settles when the tree unmounted; rejects with what a component threw. */
  readonly done: Promise<unknown>;
}

/** Mounts `node`. `onFrame` gets every frame as rows, at most `size.rows` of them, with the size they were made for. */
export function mountInk(
  node: ReactNode,
  size: Size,
  onFrame: (size: Size, rows: readonly string[]) => void,
): InkSurface {
  const output = new InkOutput(size, (frame) => {
    const rows = frame.split('\n').slice(0, output.rows);
    onFrame({ cols: output.columns, rows: output.rows }, rows);
  });
  const input = new InkInput();
  const pending: (() => void)[] = [];
  const app = render(<Door pending={pending}>{node}</Door>, {
    stdout: output as unknown as NodeJS.WriteStream,
    stdin: input as unknown as NodeJS.ReadStream,
    stderr: new PassThrough().resume() as unknown as NodeJS.WriteStream,
    debug: true, // whole frames, no cursor movement
    interactive: true, // also under CI=true, and told of resizes
    patchConsole: false,
    exitOnCtrlC: false,
  });
  return {
    done: app.waitUntilExit(),
    act(action) {
      pending.push(action);
      input.write('x');
    },
    resize(next) {
      output.columns = next.cols;
      output.rows = next.rows;
      output.emit('resize');
    },
    [Symbol.dispose]: () => app.unmount(),
  };
}
