import { describe, expect, it } from 'vitest';
import { isDeviceReply } from './device-reply.ts';

describe('what is typed back into the remote program', () => {
  it('may be attributes, status, position, size, modes and settings', () => {
    const fixed = [
      '\x1b[?1;2c',
      '\x1b[>0;276;0c',
      '\x1b[0n',
      '\x1b[1;3R',
      '\x1b[?1;3R',
      '\x1b[8;24;80t',
      '\x1b[?25;1$y',
    ];
    const settings = ['\x1bP1$r1;4r\x1b\\', '\x1bP1$r2 q\x1b\\', '\x1bP1$r61;1"p\x1b\\', '\x1bP0$r\x1b\\'];
    for (const reply of [...fixed, ...settings]) expect(isDeviceReply(reply), JSON.stringify(reply)).toBe(true);
  });

  it('is never a title, a clipboard, a colour, a key or a line', () => {
    const others = [
      '\x1b]lrm -rf\x1b\\',
      '\x1b]52;c;cm0=\x07',
      '\x1b]11;rgb:0/0/0\x07',
      '\x1b[A',
      'ls',
      '\r',
      '\x1b[0n\r',
      '',
    ];
    const broken = ['\x1b[1;3R\x1b[0n', '\x1bP1$rrm -rf /\x1b\\', '\x1bP1$r\r\x1b\\', '\x1b[<0;1;1M', '\x1b[I'];
    for (const reply of [...others, ...broken]) expect(isDeviceReply(reply), JSON.stringify(reply)).toBe(false);
  });
});
