// A picture of a terminal window as SVG: the same size for the same number of cells, whatever stands in them.

import { type Cell, cellsOf, type Style } from './cells.ts';
import { BACKGROUND, BORDER, FOREGROUND, FRAME, TITLE } from './palette.ts';
import { type Box, shapeOf } from './shapes.ts';

const CELL = { width: 8.4, height: 18 }; // pixels; a monospaced letter is 0.6 of its size wide
const FONT = { size: 14, baseline: 13.2 }; // pixels; from the top of the cell
const MARGIN = 14; // around the cells
const BAR = 32; // height of the title bar
const FAMILY = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

export interface Picture {
  /** What the window is called, in its bar. */
  readonly title: string;
  /** What is to be seen, for those who do not see it. */
  readonly description: string;
  readonly cols: number;
  /** One per row, printable text and SGR, as `Screen.lines` gives them. */
  readonly lines: readonly string[];
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

/** Text of an SVG file. */
export function drawSvg({ title, description, cols, lines, cursor }: Picture): string {
  const width = Math.ceil(cols * CELL.width + 2 * MARGIN);
  const height = Math.ceil(lines.length * CELL.height + 2 * MARGIN + BAR);
  const rows = lines.map((line) => cellsOf(line));
  const cursorBox = cursor === null ? [] : [rectangle(boxOf(cursor.x, cursor.y), FOREGROUND, ' fill-opacity="0.6"')];
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(description)}</desc>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9" fill="${BACKGROUND}" stroke="${BORDER}"/>`,
    `<path d="M1 ${BAR}V9.5A8.5 8.5 0 0 1 9.5 1H${width - 9.5}A8.5 8.5 0 0 1 ${width - 1} 9.5V${BAR}z" fill="${FRAME}"/>`,
    ...[0, 1, 2].map((index) => `<circle cx="${20 + index * 20}" cy="${BAR / 2}" r="6" fill="${BORDER}"/>`),
    `<text x="${width / 2}" y="${BAR / 2 + 4.5}" text-anchor="middle" font-family="system-ui,sans-serif" font-size="13" fill="${TITLE}">${escaped(title)}</text>`,
    `<g font-family="${FAMILY}" font-size="${FONT.size}" stroke-linecap="round" xml:space="preserve">`,
    ...rows.flatMap((row, y) => backgrounds(row, y)),
    ...cursorBox,
    ...drawings(rows),
    ...rows.flatMap((row, y) => texts(row, y)),
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

function boxOf(x: number, y: number, cells = 1): Box {
  const corner = { x: MARGIN + x * CELL.width, y: BAR + MARGIN + y * CELL.height };
  return { ...corner, width: cells * CELL.width, height: CELL.height };
}

function backgrounds(row: readonly Cell[], y: number): string[] {
  const runs = runsOf(row, (one, other) => one.style.background === other.style.background);
  return runs.flatMap((run) => {
    const background = run[0]?.style.background ?? null;
    return background === null ? [] : [rectangle(boxAround(run, y), background)];
  });
}

function rectangle({ x, y, width, height }: Box, colour: string, more = ''): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${colour}"${more}/>`;
}

/** Every character that is a drawing, those of one look in one path. */
function drawings(rows: readonly (readonly Cell[])[]): string[] {
  const paths = new Map<string, string>();
  for (const [y, row] of rows.entries()) {
    for (const { x, text, style } of row) {
      const shape = shapeOf(text, boxOf(x, y));
      if (shape === null) continue;
      const { colour } = style;
      const opacity = shape.opacity === undefined ? '' : ` fill-opacity="${shape.opacity}"`;
      const strokeWidth = shape.kind === 'dot' ? 2.6 : 1.2;
      const look =
        shape.kind === 'fill'
          ? `fill="${colour}"${opacity}`
          : `fill="none" stroke="${colour}" stroke-width="${strokeWidth}"`;
      paths.set(look, `${paths.get(look) ?? ''}${shape.path}`);
    }
  }
  return [...paths].map(([look, path]) => `<path ${look} d="${path}"/>`);
}

/** Words at their places. Each is told its width, because fonts differ; signs stand alone in the middle of their cell. */
function texts(row: readonly Cell[], y: number): string[] {
  const letters = row.filter(({ x, text }) => text !== ' ' && shapeOf(text, boxOf(x, y)) === null);
  const joined = (one: Cell, other: Cell): boolean =>
    one.style === other.style && other.x - one.x <= 2 && isPlain(one.text) && isPlain(other.text);
  return runsOf(letters, joined).map((run) => {
    const box = boxAround(run, y);
    const [first] = run;
    if (first === undefined) return '';
    const text = run
      .map((cell, index) => `${cell.x - (run[index - 1]?.x ?? cell.x - 1) > 1 ? ' ' : ''}${cell.text}`)
      .join('');
    const place = isPlain(first.text)
      ? `x="${n(box.x)}" textLength="${n(box.width)}" lengthAdjust="spacingAndGlyphs"`
      : `x="${n(box.x + box.width / 2)}" text-anchor="middle"`;
    return `<text ${place} y="${n(box.y + FONT.baseline)}" ${attributesOf(first.style)}>${escaped(text)}</text>`;
  });
}

/** Letters that every monospaced font has in the width of its others. */
function isPlain(text: string): boolean {
  return /^[\u0021-\u007e\u00a0-\u00ff\u2013\u2026]$/.test(text);
}

function attributesOf({ colour, bold, italic, underline }: Style): string {
  const parts = [`fill="${colour}"`];
  if (bold) parts.push('font-weight="700"');
  if (italic) parts.push('font-style="italic"');
  if (underline) parts.push('text-decoration="underline"');
  return parts.join(' ');
}

function runsOf(row: readonly Cell[], belong: (one: Cell, other: Cell) => boolean): Cell[][] {
  const runs: Cell[][] = [];
  for (const cell of row) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && belong(last, cell)) run.push(cell);
    else runs.push([cell]);
  }
  return runs;
}

function boxAround(run: readonly Cell[], y: number): Box {
  const [first, last] = [run[0], run.at(-1)];
  const from = first?.x ?? 0;
  return boxOf(from, y, last === undefined ? 0 : last.x + last.width - from);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
