// What holds on every screen: its size, the help, suspending, leaving.

import { Box, useWindowSize } from 'ink';
import { type ReactNode, useState } from 'react';
import type { Size } from '../terminal/frame.ts';
import { useDesk } from './desk.ts';
import { HelpContext } from './help-context.ts';
import { LAYER } from './key-bus.ts';
import { atLeastSmallest, tooSmall } from './layout.ts';
import { Rows } from './pieces.tsx';
import { useBindings } from './use-keys.ts';

export interface EverywhereProps {
  /** False where leaving is a question of its own. */
  readonly mayQuit: boolean;
  readonly children: (size: Size) => ReactNode;
}

export function Everywhere({ mayQuit, children }: EverywhereProps) {
  const { quit, suspend } = useDesk();
  const { columns: cols, rows } = useWindowSize();
  const [help, setHelp] = useState(false);
  useBindings(
    'everywhere',
    { help: () => setHelp(!help), suspend, quit: mayQuit ? quit : undefined },
    { layer: LAYER.everywhere },
  );
  const size = { cols, rows };
  const small = tooSmall(size);
  return (
    <HelpContext value={{ shown: help, small, close: () => setHelp(false) }}>
      {small && <Rows rows={tooSmallRows(size)} />}
      {/* Kept while it cannot be seen: a shell must not die of a window made small. */}
      <Box display={small ? 'none' : 'flex'}>{children(atLeastSmallest(size))}</Box>
    </HelpContext>
  );
}

function tooSmallRows({ cols, rows }: Size): string[] {
  const words = ['This window is too small.', 'Make it larger;', 'what runs goes on meanwhile.'];
  return words.slice(0, rows).map((line) => line.slice(0, cols));
}
