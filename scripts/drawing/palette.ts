// The colours of a picture of a terminal: dark, with a border, so that it reads on light and on dark pages.

export const FOREGROUND = '#d7dde4';
export const BACKGROUND = '#161b22';
export const FRAME = '#30363d';
export const BORDER = '#6e7681';
export const TITLE = '#adb6c0';

/** The sixteen that programs name by number. */
const SIXTEEN = [
  ['#0d1117', '#ff7b72', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#d7dde4'],
  ['#6e7681', '#ffa198', '#7ee787', '#f2cc60', '#a5d6ff', '#e2c5ff', '#8ae6ec', '#ffffff'],
].flat();

const CUBE = [0, 95, 135, 175, 215, 255]; // xterm's levels of the 6×6×6 colours

/** `#rrggbb` of a colour of the 256. */
export function indexedColour(index: number): string {
  const named = SIXTEEN[index];
  if (named !== undefined) return named;
  if (index >= 232) return hex(...(Array(3).fill(8 + 10 * (index - 232)) as [number, number, number]));
  const cube = index - 16;
  const level = (divisor: number): number => CUBE[Math.floor(cube / divisor) % 6] ?? 0;
  return hex(level(36), level(6), level(1));
}

export function hex(red: number, green: number, blue: number): string {
  return `#${[red, green, blue].map((part) => (part & 255).toString(16).padStart(2, '0')).join('')}`;
}

/** `colour`, moved towards `other` by `share` (0 to 1). */
export function mixed(colour: string, other: string, share: number): string {
  const [from, to] = [channels(colour), channels(other)];
  const at = (index: number): number => Math.round((from[index] ?? 0) * (1 - share) + (to[index] ?? 0) * share);
  return hex(at(0), at(1), at(2));
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}
