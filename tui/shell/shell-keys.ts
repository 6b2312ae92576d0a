// What a typed key or a paste becomes on its way to the shell: the modes that the remote program asked for decide.

import type { ScreenModes } from '../../protocol/terminal/screen.ts';

const PASTE_START = Buffer.from('\x1b[200~');
const PASTE_END = Buffer.from('\x1b[201~');

/** Arrow keys, Home and End as our own terminal sends them: it stays in normal mode whatever the shell asks. */
const CURSOR_KEY = /^\x1b\[([ABCDFH])$/;

/** `bytes` is typed text or one key sequence. */
export function encodeTyped(bytes: Buffer, modes: Pick<ScreenModes, 'applicationCursor'>): Buffer {
  if (!modes.applicationCursor || bytes.length !== 3) return bytes;
  const key = CURSOR_KEY.exec(bytes.toString('latin1'));
  return key === null ? bytes : Buffer.from(`\x1bO${key[1]}`);
}

/**
 * A program that asked for brackets gets them and the text as it is. Any other gets line ends as the Enter key sends
 * them, which is what terminals do.
 */
export function encodePaste(
  bytes: Buffer,
  piece: { readonly first: boolean; readonly last: boolean },
  modes: Pick<ScreenModes, 'bracketedPaste'>,
): Buffer {
  if (!modes.bracketedPaste) return Buffer.from(bytes.toString('latin1').replace(/\r?\n/g, '\r'), 'latin1');
  return Buffer.concat([piece.first ? PASTE_START : Buffer.alloc(0), bytes, piece.last ? PASTE_END : Buffer.alloc(0)]);
}
