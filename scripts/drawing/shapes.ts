// Characters that are drawings rather than letters. Fonts disagree on them or lack them, so they become paths.

/** Size of a cell and where its left upper corner is, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** `fill`: an area. `line`: a stroke of a line's width. `dot`: strokes of no length, with round ends. */
export interface Shape {
  readonly kind: 'fill' | 'line' | 'dot';
  readonly path: string;
  /** @default 1 */
  readonly opacity?: number;
}

const BRAILLE = 0x2800;
/** Column and row of each of the eight dots, lowest bit first. */
const DOTS = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
] as const;

/** Areas as shares of the cell: left, top, right, bottom. */
const BLOCKS: Readonly<Record<string, readonly [number, number, number, number]>> = {
  '▀': [0, 0, 1, 1 / 2],
  '▁': [0, 7 / 8, 1, 1],
  '▂': [0, 6 / 8, 1, 1],
  '▃': [0, 5 / 8, 1, 1],
  '▄': [0, 1 / 2, 1, 1],
  '▅': [0, 3 / 8, 1, 1],
  '▆': [0, 2 / 8, 1, 1],
  '▇': [0, 1 / 8, 1, 1],
  '█': [0, 0, 1, 1],
  '▌': [0, 0, 1 / 2, 1],
  '▐': [1 / 2, 0, 1, 1],
};
const SHADES: Readonly<Record<string, number>> = { '░': 0.25, '▒': 0.5, '▓': 0.75 };

/** Arms from the middle of the cell: left, right, up, down. */
const ARMS: Readonly<Record<string, string>> = {
  '─': 'lr',
  '│': 'ud',
  '┌': 'rd',
  '┐': 'ld',
  '└': 'ru',
  '┘': 'lu',
  '├': 'rud',
  '┤': 'lud',
  '┬': 'lrd',
  '┴': 'lru',
  '┼': 'lrud',
};
/** Rounded corners: which sides of the cell they join. */
const CORNERS: Readonly<Record<string, string>> = { '╭': 'rd', '╮': 'ld', '╰': 'ru', '╯': 'lu' };

/** How `character` is drawn in its cell; null for what is left to the font. */
export function shapeOf(character: string, box: Box): Shape | null {
  const block = BLOCKS[character];
  if (block !== undefined) return { kind: 'fill', path: rectangle(box, block) };
  const opacity = SHADES[character];
  if (opacity !== undefined) return { kind: 'fill', path: rectangle(box, [0, 0, 1, 1]), opacity };
  const arms = ARMS[character];
  if (arms !== undefined) return { kind: 'line', path: [...arms].map((side) => armTo(side, box)).join('') };
  const corner = CORNERS[character];
  if (corner !== undefined) return { kind: 'line', path: curve(corner, box) };
  const code = character.codePointAt(0) ?? 0;
  if (code >= BRAILLE && code <= BRAILLE + 255) return { kind: 'dot', path: dots(code - BRAILLE, box) };
  return null;
}

function rectangle(box: Box, [left, top, right, bottom]: readonly [number, number, number, number]): string {
  const [x, y] = [box.x + left * box.width, box.y + top * box.height];
  return `M${n(x)} ${n(y)}h${n((right - left) * box.width)}v${n((bottom - top) * box.height)}H${n(x)}z`;
}

function armTo(side: string, box: Box): string {
  const { x, y } = middle(box);
  const [toX, toY] = edge(side, box);
  return `M${n(x)} ${n(y)}L${n(toX)} ${n(toY)}`;
}

function curve(sides: string, box: Box): string {
  const { x, y } = middle(box);
  const [one = '', other = ''] = [...sides];
  const [fromX, fromY] = edge(one, box);
  const [toX, toY] = edge(other, box);
  return `M${n(fromX)} ${n(fromY)}Q${n(x)} ${n(y)} ${n(toX)} ${n(toY)}`;
}

function edge(side: string, box: Box): readonly [number, number] {
  const { x, y } = middle(box);
  if (side === 'l') return [box.x, y];
  if (side === 'r') return [box.x + box.width, y];
  return [x, side === 'u' ? box.y : box.y + box.height];
}

function middle({ x, y, width, height }: Box): { readonly x: number; readonly y: number } {
  return { x: x + width / 2, y: y + height / 2 };
}

function dots(bits: number, { x, y, width, height }: Box): string {
  return DOTS.filter((_, bit) => (bits & (1 << bit)) !== 0)
    .map(([column, row]) => `M${n(x + width * (0.25 + 0.5 * column))} ${n(y + height * (0.125 + 0.25 * row))}h0`)
    .join('');
}

/** At most two decimals. */
function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
