// Which part of a list is seen, and where the mark in it goes.

export interface ListState {
  readonly index: number;
  /** First row seen. */
  readonly top: number;
}

export const LIST_START: ListState = { index: 0, top: 0 };

/** The mark moved by `by` rows (Infinity: to the end), in a list of `length` of which `seen` rows are seen. */
export function moveMark(state: ListState, by: number, length: number, seen: number): ListState {
  const last = Math.max(0, length - 1);
  const index = Math.max(0, Math.min(last, by === Infinity ? last : by === -Infinity ? 0 : state.index + by));
  return follow({ ...state, index }, length, seen);
}

/** The same list after its length or the room for it changed: the mark stays in sight. */
export function follow(state: ListState, length: number, seen: number): ListState {
  const room = Math.max(1, seen);
  const index = Math.max(0, Math.min(length - 1, state.index));
  const lowest = Math.max(0, length - room);
  const top = Math.min(lowest, Math.max(index - room + 1, Math.min(state.top, index)));
  return index === state.index && top === state.top ? state : { index, top };
}
