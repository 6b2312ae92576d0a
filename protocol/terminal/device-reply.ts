// Which answers of the emulator may be typed into the remote program: fixed forms of numbers, nothing that was sent.
// The emulator in use gives no others; this holds should a later version answer with a title, a colour or a clipboard.

/** Attributes, status, cursor position and size; modes; settings (DECRQSS). Never a line break: no shell runs it. */
const REPLY = /^\x1b(?:\[[?>]?[\d;]*(?:\$y|[cnRt])|P[01]\$r[\d; "]*[a-z]?\x1b\\)$/;

export function isDeviceReply(text: string): boolean {
  return REPLY.test(text);
}
