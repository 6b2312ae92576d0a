// Tells the emulator which characters share a cell: Unicode 15 graphemes, with a limit that the addon lacks.

import { createRequire } from 'node:module';
import type graphemes from '@xterm/addon-unicode-graphemes';
import type { IUnicodeVersionProvider, Terminal } from '@xterm/headless';
import { ChaperoneError } from '../errors.ts';

/** The longest emoji that people use joins nine more; a cell that took all that comes would grow without end. */
const JOINS_PER_CELL = 12;

const VERSION = 'bounded-graphemes';
const SPACING_MARK = /\p{Mc}/u;

/** Makes `terminal` measure by grapheme. Spacing marks take a cell of their own, as `wcwidth` tells every program. */
export function measureByGrapheme(terminal: Terminal): void {
  const inner = providerOfAddon();
  const ascii = inner.charProperties(0x61, 0);
  let joins = 0;
  terminal.unicode.register({
    version: VERSION,
    wcwidth: (code) => inner.wcwidth(code),
    charProperties: (code, preceding) => {
      if (code >= 0x20 && code < 0x7f && preceding >> 3 === 0) {
        joins = 0;
        return ascii;
      }
      const properties = inner.charProperties(code, preceding);
      joins = joinsOf(properties) ? joins + 1 : 0;
      if (joins > JOINS_PER_CELL) {
        joins = 0;
        return inner.charProperties(code, 0);
      }
      return joins > 0 && SPACING_MARK.test(String.fromCodePoint(code)) ? widened(properties) : properties;
    },
  });
  terminal.unicode.activeVersion = VERSION;
}

/** The addon registers its provider with whatever terminal it is given: here with one that keeps it. */
function providerOfAddon(): IUnicodeVersionProvider {
  const registered: IUnicodeVersionProvider[] = [];
  const unicode = {
    register: (provider: IUnicodeVersionProvider) => registered.push(provider),
    versions: [],
    activeVersion: '',
  };
  // The addon touches nothing of a terminal but `unicode` (src/UnicodeGraphemesAddon.ts).
  const { UnicodeGraphemesAddon } = loadAddon();
  new UnicodeGraphemesAddon().activate({ unicode } as unknown as Parameters<
    graphemes.UnicodeGraphemesAddon['activate']
  >[0]);
  const provider = registered.find(({ version }) => version === unicode.activeVersion);
  if (provider === undefined) throw new ChaperoneError('the grapheme addon has registered no provider');
  return provider;
}

let addon: typeof graphemes | undefined;

/**
 * While it loads, the addon decodes its table into a Buffer and reads that from the start of the ArrayBuffer behind it
 * (version 0.4.0, `new DataView(data.buffer)`). In Node that is the shared pool of small Buffers: it reads whatever
 * stands there, and fails, or measures wrongly. Without a pool a Buffer begins where its ArrayBuffer does.
 */
function loadAddon(): typeof graphemes {
  if (addon === undefined) {
    const { poolSize } = Buffer;
    Buffer.poolSize = 0;
    try {
      addon = createRequire(import.meta.url)('@xterm/addon-unicode-graphemes') as typeof graphemes;
    } finally {
      Buffer.poolSize = poolSize;
    }
  }
  return addon;
}

// A property is `state << 3 | width << 1 | join` (xterm.js, UnicodeService.createPropertyValue).

function joinsOf(properties: number): boolean {
  return (properties & 1) === 1;
}

function widened(properties: number): number {
  return (properties & ~0b110) | 0b100;
}
