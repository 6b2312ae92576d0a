// The few Ink building blocks that all screens share. Rows arrive ready and fitted; Ink only stacks them.

import { Box, Text } from 'ink';
import { type ReactNode, useContext } from 'react';
import { fitCells } from '../../protocol/terminal/sgr.ts';
import { type BindingId, keyBar, type Place } from '../bindings.ts';
import { paint } from '../theme.ts';
import { helpRows } from './help.ts';
import { HelpContext } from './help-context.ts';
import { keyBarRow } from './key-bar.ts';
import { LAYER } from './key-bus.ts';
import { useBindings } from './use-keys.ts';
import { scrolledRows, useScroll } from './use-list.ts';

/** One line per row, each at most as wide as the screen. */
export function Rows({ rows }: { readonly rows: readonly string[] }) {
  return (
    <Box flexDirection="column">
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
        <Text key={index} wrap="truncate-end">
          {row === '' ? ' ' : row}
        </Text>
      ))}
    </Box>
  );
}

export interface ScreenFrameProps {
  readonly cols: number;
  readonly rows: number;
  /** Stands above the body, also above the help. */
  readonly head: readonly string[];
  /** Places whose keys the bar shows. */
  readonly keys: readonly Place[];
  /** Of these places, what would do nothing now: the bar leaves it out. */
  readonly idle?: readonly BindingId[];
  /** At most what is left between head and key bar. */
  readonly children: ReactNode;
}

/** A whole screen: head, body, key bar at the bottom. The help takes the place of the body when it is asked for. */
export function ScreenFrame({ cols, rows, head, keys, idle = [], children }: ScreenFrameProps) {
  const help = useContext(HelpContext);
  const body = Math.max(1, rows - head.length - 1);
  const places: readonly Place[] = help.shown ? ['help', 'list'] : keys;
  return (
    <Box flexDirection="column" width={cols} height={rows}>
      <Rows rows={head} />
      <Box flexDirection="column" height={body} overflow="hidden">
        <Box flexDirection="column" display={help.shown ? 'none' : 'flex'}>
          {children}
        </Box>
        {help.shown && <Help here={keys} cols={cols} rows={body} close={help.close} />}
      </Box>
      <Rows rows={[keyBarRow(keyBar(places, idle), cols)]} />
    </Box>
  );
}

interface HelpProps {
  readonly here: readonly Place[];
  readonly cols: number;
  readonly rows: number;
  readonly close: () => void;
}

function Help({ here, cols, rows, close }: HelpProps) {
  const all = helpRows(here, cols);
  const top = useScroll({ length: all.length, seen: rows, layer: LAYER.question, active: true });
  useBindings('help', { 'help.close': close }, { layer: LAYER.question, modal: true });
  return <Rows rows={scrolledRows(all, top, rows)} />;
}

/** The title row of a screen outside of a session. */
export function titleRow(title: string, right: string, cols: number): string {
  const room = Math.max(0, Math.min(right.length, cols - title.length - 4));
  return paint('selected', `${fitCells(` ${title}`, cols - room - 1)}${fitCells(right, room)} `);
}
