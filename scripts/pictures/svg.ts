// A terminal's screen as an SVG: text and colours of each cell, nothing else.

const CELL = { width: 8.4, height: 18 }; // px, of a 14 px monospace font
const MARGIN = 14;
const BAR = 30; // px, the window's title bar
const COLOURS = {
  page: '#11151c',
  bar: '#232a36',
  text: '#d8dee9',
  // Index 0 to 15, as terminals number them; chosen to be readable on the page's dark ground.
  palette: [
    ...['#3b4252', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d8dee9'],
    ...['#6b7689', '#ef8891', '#b5dea0', '#f2d8a0', '#8cc8ff', '#dba2ec', '#86d6e0', '#ffffff'],
  ],
};
const CUBE = [0, 95, 135, 175, 215, 255]; // levels of the 6×6×6 colours 16 to 231

interface Style {
  colour: string | null;
  ground: string | null;
  bold: boolean;
  dim: boolean;
  inverse: boolean;
}

export interface Picture {
  /** Of the window. */
  readonly title: string;
  /** For people who cannot see it. */
  readonly description: string;
  readonly cols: number;
  /** Printable text and SGR, as `Screen.lines` gives them. */
  readonly lines: readonly string[];
}

export function svg({ title, description, cols, lines }: Picture): string {
  const width = Math.ceil(cols * CELL.width + 2 * MARGIN);
  const height = Math.ceil(lines.length * CELL.height + 2 * MARGIN + BAR);
  const rows = lines.map((line, row) => drawRow(line, BAR + MARGIN + row * CELL.height)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t d">
<title id="t">${escapeXml(title)}</title><desc id="d">${escapeXml(description)}</desc>
<rect width="${width}" height="${height}" rx="9" fill="${COLOURS.page}"/><path d="M0 9a9 9 0 0 1 9-9h${width - 18}a9 9 0 0 1 9 9v${BAR - 9}H0z" fill="${COLOURS.bar}"/>
<g font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="14" fill="${COLOURS.text}" xml:space="preserve">
<text x="${width / 2}" y="20" text-anchor="middle" font-size="13">${escapeXml(title)}</text>
${rows}</g></svg>
`;
}

function drawRow(line: string, y: number): string {
  let style: Style = plain();
  let column = 0;
  let drawn = '';
  for (const [, codes, text] of line.matchAll(/\u001b\[([\d;]*)m|([^\u001b]+)/g)) {
    if (text === undefined) {
      style = applied(style, codes ?? '');
      continue;
    }
    drawn += drawRun(text, style, MARGIN + column * CELL.width, y);
    column += [...text].length;
  }
  return drawn === '' ? '' : `${drawn}\n`;
}

function drawRun(text: string, style: Style, x: number, y: number): string {
  const [ink, ground] = style.inverse
    ? [style.ground ?? COLOURS.page, style.colour ?? COLOURS.text]
    : [style.colour, style.ground];
  const length = [...text].length * CELL.width;
  const box =
    ground === null
      ? ''
      : `<rect x="${px(x)}" y="${px(y)}" width="${px(length)}" height="${CELL.height}" fill="${ground}"/>`;
  if (text.trim() === '') return box;
  const look = `${ink === null ? '' : ` fill="${ink}"`}${style.bold ? ' font-weight="bold"' : ''}${style.dim ? ' opacity="0.65"' : ''}`;
  // The length is given, so that cells stay in their columns whatever font the reader has.
  return `${box}<text x="${px(x)}" y="${px(y + 13.5)}" textLength="${px(length)}"${look}>${escapeXml(text)}</text>`;
}

function applied(style: Style, codes: string): Style {
  let next = { ...style };
  const numbers = codes.split(';').map(Number);
  for (let index = 0; index < numbers.length; index++) {
    const code = numbers[index] ?? 0;
    if (code === 0) next = plain();
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 7) next.inverse = true;
    else if (code === 22) next = { ...next, bold: false, dim: false };
    else if (code === 27) next.inverse = false;
    else if (code === 39) next.colour = null;
    else if (code === 49) next.ground = null;
    else if (code === 38 || code === 48) {
      const [colour, used] = extended(numbers.slice(index + 1));
      if (code === 38) next.colour = colour;
      else next.ground = colour;
      index += used;
    } else if (code >= 30 && code <= 37) next.colour = indexed(code - 30);
    else if (code >= 90 && code <= 97) next.colour = indexed(code - 82);
    else if (code >= 40 && code <= 47) next.ground = indexed(code - 40);
    else if (code >= 100 && code <= 107) next.ground = indexed(code - 92);
  }
  return next;
}

/** A colour after 38 or 48, and how many numbers it took. */
function extended([kind, ...rest]: readonly number[]): [string | null, number] {
  const [first = 0, green = 0, blue = 0] = rest;
  if (kind === 5) return [indexed(first), 2];
  if (kind === 2) return [`rgb(${first},${green},${blue})`, 4];
  return [null, 0];
}

function indexed(index: number): string {
  if (index < 16) return COLOURS.palette[index] ?? COLOURS.text;
  if (index > 231)
    return `rgb(${Array(3)
      .fill((index - 232) * 10 + 8)
      .join(',')})`;
  const cube = index - 16;
  return `rgb(${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((level) => CUBE[level] ?? 0).join(',')})`;
}

function plain(): Style {
  return { colour: null, ground: null, bold: false, dim: false, inverse: false };
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
