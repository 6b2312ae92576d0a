// Draws rows over Ink's: shells, charts and notices.

import { useContext, useEffectEvent, useLayoutEffect } from 'react';
import type { Frame, Overlay, Rect } from '../terminal/frame.ts';
import type { Pane } from '../terminal/stage.ts';
import { useDesk } from './desk.ts';
import { HelpContext } from './help-context.ts';
import { type NoticeText, noticeOverlay } from './notice.ts';

export const PANE_LAYER = { content: 0, notice: 10 } as const;

/** `draw` is called for each painted frame while `active`; call `stage.changed()` when it has something new. */
export function usePane(
  layer: number,
  active: boolean,
  draw: () => (Overlay & { readonly cursor?: Frame['cursor'] }) | null,
): void {
  const { stage } = useDesk();
  const { shown: help, small } = useContext(HelpContext);
  const current = useEffectEvent(draw);
  const seen = active && !small && (!help || layer === PANE_LAYER.notice);
  useLayoutEffect(() => {
    if (!seen) return;
    const pane: Pane = { layer, draw: () => current() };
    const handle = stage.addPane(pane);
    return () => handle[Symbol.dispose]();
  }, [stage, layer, seen]);
}

/** A box with words over the middle of `area`. */
export function useNotice(notice: NoticeText | null, area: Rect): void {
  usePane(PANE_LAYER.notice, notice !== null, () => (notice === null ? null : noticeOverlay(notice, area)));
}
