// A list with a mark that the arrow keys move.

import { useState } from 'react';
import { paint } from '../theme.ts';
import type { Layer } from './key-bus.ts';
import { follow, LIST_START, type ListState, moveMark } from './list-window.ts';
import { useBindings } from './use-keys.ts';

export interface ListOptions {
  readonly length: number;
  /** Rows of the list that are seen. */
  readonly seen: number;
  readonly layer: Layer;
  readonly active: boolean;
  /** Rows that a page moves by; else one less than are seen. */
  readonly page?: number;
  /** Where the mark stands until it is moved, also while the list is still being read. @default 0 */
  readonly start?: number;
}

export function useList({
  length,
  seen,
  layer,
  active,
  page = Math.max(1, seen - 1),
  start = 0,
}: ListOptions): ListState {
  const [moved, setMoved] = useState<ListState | null>(null);
  const first = { ...LIST_START, index: start };
  const move = (by: number) => () => setMoved((before) => moveMark(before ?? first, by, length, seen));
  useBindings(
    'list',
    {
      'list.up': move(-1),
      'list.down': move(1),
      'list.pageUp': move(-page),
      'list.pageDown': move(page),
      'list.first': move(-Infinity),
      'list.last': move(Infinity),
    },
    { layer, active },
  );
  return follow(moved ?? first, length, seen);
}

/** Text that is longer than the screen: the same keys scroll it. The index of the first row seen. */
export function useScroll({ length, seen, layer, active }: ListOptions): number {
  const steps = Math.max(1, length - seen + 1);
  return useList({ length: steps, seen: 1, layer, active, page: Math.max(1, seen - 1) }).index;
}

/** What is seen of such text from row `top` on; the last row says when there is more below it. */
export function scrolledRows(all: readonly string[], top: number, room: number): readonly string[] {
  const shown = all.slice(top, top + room);
  return top + room < all.length ? [...shown.slice(0, -1), paint('muted', ' ↓ more')] : shown;
}
