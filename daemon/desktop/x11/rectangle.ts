// How much of one rectangle others leave in sight.

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The share of `whole` (0 to 1) that is inside `bounds` and below none of `covers`. */
export function shareInSight(whole: Rectangle, bounds: Rectangle, covers: readonly Rectangle[]): number {
  const area = whole.width * whole.height;
  if (area <= 0) return 0;
  const inside = meet(whole, bounds);
  let left = inside === null ? [] : [inside];
  for (const cover of covers) left = left.flatMap((piece) => without(piece, cover));
  return left.reduce((sum, { width, height }) => sum + width * height, 0) / area;
}

function meet(one: Rectangle, other: Rectangle): Rectangle | null {
  const x = Math.max(one.x, other.x);
  const y = Math.max(one.y, other.y);
  const width = Math.min(one.x + one.width, other.x + other.width) - x;
  const height = Math.min(one.y + one.height, other.y + other.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** What of `piece` is not below `cover`: at most four rectangles that do not touch each other. */
function without(piece: Rectangle, cover: Rectangle): Rectangle[] {
  const hole = meet(piece, cover);
  if (hole === null) return [piece];
  const right = piece.x + piece.width - (hole.x + hole.width);
  const below = piece.y + piece.height - (hole.y + hole.height);
  return [
    { x: piece.x, y: piece.y, width: piece.width, height: hole.y - piece.y },
    { x: piece.x, y: hole.y + hole.height, width: piece.width, height: below },
    { x: piece.x, y: hole.y, width: hole.x - piece.x, height: hole.height },
    { x: hole.x + hole.width, y: hole.y, width: right, height: hole.height },
  ].filter(({ width, height }) => width > 0 && height > 0);
}
