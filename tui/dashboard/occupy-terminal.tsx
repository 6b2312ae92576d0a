// Runs a tree of components on the terminal: brings Ink, keyboard, screen and the terminal's owner together.

import type { ReactNode } from 'react';
import { requireTerminal, wantsColour } from '../terminal/capabilities.ts';
import { FrameWriter } from '../terminal/frame-writer.ts';
import { type InkSurface, mountInk } from '../terminal/ink-surface.tsx';
import { InputRouter } from '../terminal/input-router.ts';
import { OwnedTerminal } from '../terminal/owned-terminal.ts';
import { Stage } from '../terminal/stage.ts';
import { type Desk, DeskContext } from './desk.ts';
import { KeyBus } from './key-bus.ts';

/**
 * Shows `tree` until something in it calls `quit`; the terminal is then as it was before.
 *
 * @throws NoDashboardError when this terminal cannot show it
 */
export async function occupyTerminal(tree: ReactNode): Promise<void> {
  const { stdin, stdout, env } = process;
  requireTerminal({ stdinIsTty: stdin.isTTY, stdoutIsTty: stdout.isTTY, environment: env });

  await using undo = new AsyncDisposableStack();
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const keys = new KeyBus();
  let surface: InkSurface | null = null;
  let endSession: (() => Promise<void>) | null = null;
  undo.defer(async () => endSession?.());

  const router = undo.use(new InputRouter({ onKey: (key) => surface?.act(() => keys.dispatch(key)) }));
  const terminal = undo.use(
    new OwnedTerminal({
      stdin,
      stdout,
      onInput: (chunk) => router.push(chunk),
      onRepaint: (size) => {
        surface?.resize(size);
        writer.invalidate();
      },
      onFarewell: async () => {
        writer[Symbol.dispose](); // the terminal is somebody else's already, and the end would be drawn on it
        await endSession?.();
      },
    }),
  );
  const stage = new Stage(() => writer.request());
  const writer = undo.use(
    new FrameWriter({ output: stdout, colour: wantsColour(env), frame: () => stage.frame(terminal.size) }),
  );
  const desk: Desk = {
    keys,
    router,
    stage,
    quit: leave,
    suspend: () => terminal.suspend(),
    holdSession: (end) => {
      endSession = end;
    },
  };
  surface = undo.use(
    mountInk(<DeskContext value={desk}>{tree}</DeskContext>, terminal.size, (size, rows) => stage.setBase(size, rows)),
  );
  await Promise.race([left, surface.done]);
}
