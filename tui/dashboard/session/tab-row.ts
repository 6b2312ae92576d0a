// The row of tabs, and at its end where the keyboard is.

import { cellWidth, fitCells } from '../../../protocol/terminal/sgr.ts';
import { paint } from '../../theme.ts';
import type { ShellStatus } from './shell-holder.ts';

export const TABS = ['Shell', 'Diagnostics', 'Vitals', 'Audit', 'Chat', 'Ask'] as const;
export type Tab = (typeof TABS)[number];

/** Exactly `cols` cells. @param unread messages of the local user that were not on screen yet */
export function tabRow(tab: Tab, shell: ShellStatus, inShell: boolean, cols: number, unread: number): string {
  const tabs = TABS.map((name, index) => {
    const marked = name === 'Chat' && unread > 0;
    const label = ` ${index + 1} ${name}${marked ? ` (${unread} new)` : ''} `;
    return name === tab ? paint('selected', label) : marked ? paint('warning', label) : label;
  }).join('');
  const state = tab === 'Shell' ? shellState(shell, inShell) : '';
  const room = cols - cellWidth(tabs);
  if (cellWidth(state) > room) return fitCells(tabs, cols);
  return tabs + ' '.repeat(room - cellWidth(state)) + state;
}

function shellState(shell: ShellStatus, inShell: boolean): string {
  if (shell.state === 'open' && shell.scroll > 0) return paint('warning', `${shell.scroll} rows back `);
  return inShell ? paint('accent', 'typing ') : '';
}
