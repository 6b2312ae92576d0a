// The icon in the tray, drawn by arithmetic: each state has a shape of its own, so that nobody needs to see its colour.

export const TRAY_STATES = ['idle', 'waiting', 'asking', 'session', 'paused'] as const;
export type TrayState = (typeof TRAY_STATES)[number];

export interface Pixmap {
  readonly size: number;
  /** ARGB, the most significant byte first. */
  readonly bytes: Buffer;
}

const SIZES = [22, 44]; // pixels: a usual panel, and one at twice the scale
const SAMPLES = 4; // per side of a pixel, for smooth edges
type Colour = readonly [red: number, green: number, blue: number];
const WHITE: Colour = [255, 255, 255];

/** On a square from -1 to 1: whether a point belongs to the sign that stands on the badge. */
type Sign = (x: number, y: number) => boolean;

const ring = (x: number, y: number): boolean => Math.abs(Math.hypot(x, y) - 0.42) < 0.13;
const disc = (x: number, y: number): boolean => Math.hypot(x, y) < 0.5;
const bar = (x: number, y: number): boolean => Math.abs(Math.abs(x) - 0.26) < 0.13 && Math.abs(y) < 0.5;
const dots = (x: number, y: number): boolean => [-0.5, 0, 0.5].some((at) => Math.hypot(x - at, y) < 0.17);
const exclamation = (x: number, y: number): boolean =>
  (Math.abs(x) < 0.13 && y > -0.5 && y < 0.15) || Math.hypot(x, y - 0.4) < 0.16;

const LOOKS: Readonly<
  Record<TrayState, { readonly badge: 'square' | 'round' | 'triangle'; readonly colour: Colour; readonly sign: Sign }>
> = {
  idle: { badge: 'round', colour: [119, 118, 123], sign: ring },
  waiting: { badge: 'square', colour: [28, 113, 216], sign: dots },
  asking: { badge: 'triangle', colour: [198, 70, 0], sign: (x, y) => exclamation(x * 1.25, y * 1.25 - 0.25) },
  session: { badge: 'square', colour: [192, 28, 40], sign: disc },
  paused: { badge: 'round', colour: [145, 105, 0], sign: bar },
};

/** The icon of a state in the usual sizes. */
export function trayIcon(state: TrayState): Pixmap[] {
  return SIZES.map((size) => draw(state, size));
}

function draw(state: TrayState, size: number): Pixmap {
  const { badge, colour, sign } = LOOKS[state];
  const bytes = Buffer.alloc(size * size * 4);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      let covered = 0;
      let signed = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const x = ((column + ((sample % SAMPLES) + 0.5) / SAMPLES) / size) * 2 - 1;
        const y = ((row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / size) * 2 - 1;
        if (!inBadge(badge, x, y)) continue;
        covered += 1;
        if (sign(x, y)) signed += 1;
      }
      const share = covered === 0 ? 0 : signed / covered;
      const mixed = colour.map((part, index) => Math.round(part + ((WHITE[index] ?? 0) - part) * share));
      bytes.set([Math.round((covered / SAMPLES ** 2) * 255), ...mixed], (row * size + column) * 4);
    }
  }
  return { size, bytes };
}

function inBadge(badge: 'square' | 'round' | 'triangle', x: number, y: number): boolean {
  switch (badge) {
    case 'round':
      return Math.hypot(x, y) < 0.95;
    case 'square':
      return Math.hypot(Math.max(0, Math.abs(x) - 0.6), Math.max(0, Math.abs(y) - 0.6)) < 0.32;
    case 'triangle':
      return y < 0.9 && y > -0.95 && Math.abs(x) < (y + 0.95) * 0.54;
  }
}
