// The Shell tab: the framed shell in the whole body, with the real cursor, and one key that always leaves it.

import { useEffect, useLayoutEffect } from 'react';
import type { Rect } from '../../terminal/frame.ts';
import { LEAVE_BYTE } from '../../terminal/input-router.ts';
import { useDesk } from '../desk.ts';
import { LAYER } from '../key-bus.ts';
import type { NoticeText } from '../notice.ts';
import { useBindings } from '../use-keys.ts';
import { PANE_LAYER, useNotice, usePane } from '../use-pane.ts';
import { useSource } from '../use-source.ts';
import type { ShellHolder, ShellStatus } from './shell-holder.ts';

export interface ShellTabProps {
  readonly holder: ShellHolder;
  readonly area: Rect;
  readonly visible: boolean;
  /** Keys go to the shell. */
  readonly typing: boolean;
  readonly onTyping: (typing: boolean) => void;
  /** False while the session is over or a question is open. */
  readonly active: boolean;
  readonly paused: boolean;
}

export function ShellTab({ holder, area, visible, typing, onTyping, active, paused }: ShellTabProps) {
  const { router } = useDesk();
  const status = useSource(holder, () => holder.status());
  const { cols, rows } = area;

  useLayoutEffect(() => holder.resize({ cols, rows }), [holder, cols, rows]);
  useEffect(() => {
    if (visible && active && holder.status().state === 'none') void holder.open();
  }, [holder, visible, active]);

  // Also while the session is paused, when the shell takes nothing: what one goes on typing must not act on us.
  const owns = visible && active && typing && (status.state === 'open' || status.state === 'opening');
  useLayoutEffect(() => {
    if (!owns) return;
    router.give({
      typed: (bytes) => holder.typed(bytes),
      pasted: (bytes, piece) => holder.pasted(bytes, piece),
      left: () => onTyping(false),
    });
    return () => router.give(null);
  }, [holder, owns, router, onTyping]);

  usePane(PANE_LAYER.content, visible && holder.shell !== null, () => {
    const { shell } = holder;
    if (shell === null) return null;
    const cursor = owns ? shell.cursor : null;
    const placed = cursor === null ? null : { x: area.x + cursor.x, y: area.y + cursor.y };
    return { rect: area, rows: shell.lines(), cursor: placed };
  });
  useNotice(visible && active && !paused ? shellNotice(status) : null, area);

  const page = Math.max(1, rows - 1);
  useBindings(
    'shellTab',
    {
      'shellTab.enter': () => {
        if (status.state === 'closed') void holder.open();
        onTyping(true);
      },
      'shellTab.literal': () => {
        holder.typed(Buffer.from([LEAVE_BYTE]));
        onTyping(true);
      },
      'shellTab.back': () => holder.shell?.scrollBy(page),
      'shellTab.forth': () => holder.shell?.scrollBy(-page),
    },
    { layer: LAYER.pane, active: visible && active && !typing },
  );
  useBindings(
    'shellGone',
    { 'shellGone.again': () => void holder.open(), 'shellGone.leave': () => onTyping(false) },
    { layer: LAYER.pane, active: visible && active && typing && status.state === 'closed', modal: true },
  );
  return null;
}

function shellNotice(status: ShellStatus): NoticeText | null {
  switch (status.state) {
    case 'opening':
      return { meaning: 'accent', title: 'Opening the shell…', lines: [], keys: [] };
    case 'closed':
      return {
        meaning: 'warning',
        title: 'The shell is closed',
        lines: [status.words],
        keys: ['Enter  open a new one'],
      };
    default:
      return null;
  }
}
