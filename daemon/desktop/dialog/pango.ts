// Words of other people inside the markup of a dialog. An unescaped `&` once gave an empty window with a working OK.

import { sanitiseLine } from '../../../protocol/terminal/sanitise.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** One line that the markup shows as it is. */
export function pango(text: string, maxLength?: number): string {
  return sanitiseLine(text, maxLength).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Dialog programs read `\n` and `\t` in their `--text`: a backslash of someone's own is written twice. */
export function dialogText(markup: string): string {
  return markup.replaceAll('\\', '\\\\');
}
