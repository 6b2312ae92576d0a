// Replay on the whole terminal, with the keys of the dashboard's replay.

import { fitCells } from '../../protocol/terminal/sgr.ts';
import { type BindingOf, bindingFor, keyBar } from '../bindings.ts';
import { keyBarRow } from '../dashboard/key-bar.ts';
import type { Doubt } from '../dashboard/ports.ts';
import { doubtRows, replayRow } from '../dashboard/replay-rows.ts';
import type { Recording } from '../replay/asciicast.ts';
import { Player } from '../replay/player.ts';
import { wantsColour } from '../terminal/capabilities.ts';
import type { Frame, Size } from '../terminal/frame.ts';
import { FrameWriter } from '../terminal/frame-writer.ts';
import { InputRouter } from '../terminal/input-router.ts';
import { OwnedTerminal } from '../terminal/owned-terminal.ts';

const STEP_MS = 5_000;
const LEAP_MS = 60_000;
const OWN_ROWS = 2; // where the replay stands, and its keys; one more where the recording is doubted

/** Resolves when the technician has closed it. */
export async function playOnTerminal(recording: Recording, doubt: Doubt | null): Promise<void> {
  const closed = Promise.withResolvers<void>();
  using stack = new DisposableStack();
  let size: Size = { cols: 0, rows: 0 };
  const writer: FrameWriter = stack.use(
    new FrameWriter({
      output: process.stdout,
      colour: wantsColour(process.env),
      frame: () => frameOf(player, size, doubt),
    }),
  );
  const player: Player = stack.use(new Player(recording, () => writer.request()));
  const act = actions(player, closed.resolve);
  const router = stack.use(
    new InputRouter({
      onKey: ({ name }) => {
        const binding = bindingFor('replay', name);
        if (binding !== undefined && binding in act) {
          act[binding as BindingOf<'replay'>]();
        } else if (name === 'ctrl+c') {
          closed.resolve();
        }
      },
    }),
  );
  const terminal = stack.use(
    new OwnedTerminal({
      stdin: process.stdin,
      stdout: process.stdout,
      onInput: (chunk) => router.push(chunk),
      onRepaint: (resized) => {
        size = resized;
        writer.invalidate();
      },
      onFarewell: async () => undefined,
    }),
  );
  size = terminal.size;
  await player.seek(0);
  player.play();
  writer.invalidate();
  await closed.promise;
}

function actions(player: Player, close: () => void): Record<BindingOf<'replay'>, () => void> {
  const seek = (by: number) => () => void player.seek(player.position + by);
  return {
    'replay.close': close,
    'replay.pause': () => (player.playing ? player.pause() : player.play()),
    'replay.forth': seek(STEP_MS),
    'replay.back': seek(-STEP_MS),
    'replay.minuteForth': seek(LEAP_MS),
    'replay.minuteBack': seek(-LEAP_MS),
    'replay.faster': () => player.changeSpeed(1),
    'replay.slower': () => player.changeSpeed(-1),
    'replay.nextMarker': () => void player.seekMarker(1),
    'replay.previousMarker': () => void player.seekMarker(-1),
    'replay.start': () => void player.seek(0),
    'replay.end': () => void player.seek(player.duration),
  };
}

/** The recorded screen, or the part of it in which the cursor is; then our own rows. */
function frameOf(player: Player, size: Size, doubt: Doubt | null): Frame {
  const doubts = doubtRows(doubt, size.cols);
  const room = Math.max(0, size.rows - OWN_ROWS - doubts.length);
  const { lines, cursor } = player.frame();
  const hidden = Math.max(0, Math.min(lines.length - room, (cursor?.y ?? lines.length) + 1 - room));
  const shown = lines.slice(hidden).map((line) => fitCells(line, size.cols, ''));
  const blank = Array.from({ length: room - shown.length }, () => '');
  const seen = cursor !== null && cursor.y >= hidden && cursor.x < size.cols;
  return {
    size,
    rows: [...shown, ...blank, ...doubts, replayRow(player, size.cols), keyBarRow(keyBar(['replay']), size.cols)],
    overlays: [],
    cursor: seen ? { x: cursor.x, y: cursor.y - hidden } : null,
  };
}
