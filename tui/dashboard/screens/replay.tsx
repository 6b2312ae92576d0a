// Replay of a recording: the screen as it was, with pause, speed and seeking.

import { useEffect, useState, useSyncExternalStore } from 'react';
import { fitCells } from '../../../protocol/terminal/sgr.ts';
import { bytesInWords } from '../../records/amounts.ts';
import { readRecording } from '../../replay/asciicast.ts';
import { Player } from '../../replay/player.ts';
import type { Rect, Size } from '../../terminal/frame.ts';
import { paint } from '../../theme.ts';
import { useDesk } from '../desk.ts';
import { LAYER } from '../key-bus.ts';
import { centred, screenBody } from '../layout.ts';
import { Rows, ScreenFrame, titleRow } from '../pieces.tsx';
import type { Doubt, OpenedRecording } from '../ports.ts';
import { doubtRows, replayRow, rowsAbove } from '../replay-rows.ts';
import { useBindings } from '../use-keys.ts';
import { PANE_LAYER, usePane } from '../use-pane.ts';
import { inWords } from '../use-source.ts';

const STEP_MS = 5000;
const LEAP_MS = 60_000;

export interface ReplayProps {
  readonly size: Size;
  readonly title: string;
  /** How large the recording is. */
  readonly bytes: number;
  /** Opened once. */
  readonly open: () => Promise<OpenedRecording>;
  readonly onClose: () => void;
}

export function ReplayScreen({ size, title, bytes, open, onClose }: ReplayProps) {
  const { stage } = useDesk();
  const [player, setPlayer] = useState<Player | null>(null);
  const [doubt, setDoubt] = useState<Doubt | null>(null);
  const [told, setTold] = useState('Reading the recording…');
  const [changes] = useState(() => new EventTarget());

  // biome-ignore lint/correctness/useExhaustiveDependencies: a recording is opened once; opening is noted in the log
  useEffect(() => {
    let current: Player | null = null;
    let gone = false;
    const leaving = new AbortController();
    const onProgress = (read: number) =>
      setTold(`Reading the recording: ${bytesInWords(read)} of ${bytesInWords(bytes)}…`);
    const reading = open().then(async (opened) => ({
      ...opened,
      recording: await readRecording(opened.bytes, { onProgress, signal: leaving.signal }),
    }));
    reading.then(
      async ({ doubt, recording }) => {
        if (gone) return;
        setDoubt(doubt);
        current = new Player(recording, () => {
          changes.dispatchEvent(new Event('change'));
          stage.changed();
        });
        await current.seek(0);
        if (gone) return;
        setTold(recording.torn ? 'The end of this recording is missing: it broke off.' : '');
        setPlayer(current);
        current.play();
      },
      (error: unknown) => gone || setTold(inWords(error)),
    );
    return () => {
      gone = true;
      leaving.abort();
      current?.[Symbol.dispose]();
    };
  }, []);

  const standing = useSyncExternalStore(
    (changed) => {
      changes.addEventListener('change', changed);
      return () => changes.removeEventListener('change', changed);
    },
    () => (player === null ? '' : replayRow(player, size.cols)),
  );

  const seek = (by: number) => () => void player?.seek(player.position + by);
  useBindings(
    'replay',
    {
      'replay.close': onClose,
      'replay.pause': () => (player?.playing ? player.pause() : player?.play()),
      'replay.forth': seek(STEP_MS),
      'replay.back': seek(-STEP_MS),
      'replay.minuteForth': seek(LEAP_MS),
      'replay.minuteBack': seek(-LEAP_MS),
      'replay.faster': () => player?.changeSpeed(1),
      'replay.slower': () => player?.changeSpeed(-1),
      'replay.nextMarker': () => void player?.seekMarker(1),
      'replay.previousMarker': () => void player?.seekMarker(-1),
      'replay.start': () => void player?.seek(0),
      'replay.end': () => void player?.seek(Number.POSITIVE_INFINITY),
    },
    { layer: LAYER.screen },
  );

  const body = screenBody(size);
  const doubts = doubtRows(doubt, size.cols);
  const area: Rect = { ...body, y: body.y + doubts.length, rows: Math.max(1, body.rows - 1 - doubts.length) };
  usePane(PANE_LAYER.content, player !== null, () => (player === null ? null : placed(player, area)));
  const { cols } = size;
  const note = told === '' ? standing : fitCells(standing === '' ? ` ${told}` : standing, cols);
  return (
    <ScreenFrame
      {...size}
      head={[titleRow(title, told === '' || player === null ? '' : told, cols), ...doubts]}
      keys={['replay', 'everywhere']}
    >
      <Rows rows={[...Array.from({ length: area.rows }, () => ''), player === null ? paint('muted', note) : note]} />
    </ScreenFrame>
  );
}

/** The recorded screen in the middle of `area`; of a larger one the left part around the cursor. */
function placed(player: Player, area: Rect) {
  const frame = player.frame();
  const rect = centred(frame, area);
  const hidden = rowsAbove(frame.lines, frame.cursor?.y ?? null, rect.rows);
  const rows = frame.lines.slice(hidden, hidden + rect.rows).map((line) => fitCells(line, rect.cols, ''));
  const { cursor } = frame;
  const seen = cursor !== null && cursor.y >= hidden && cursor.y < hidden + rect.rows && cursor.x < rect.cols;
  return { rect, rows, cursor: seen ? { x: rect.x + cursor.x, y: rect.y + cursor.y - hidden } : null };
}
