// Brings together what shares the screen: Ink's rows at the bottom, and panes that are drawn over them without Ink.

import type { Frame, Overlay, Size } from './frame.ts';

/** Something that draws itself over Ink's rows; asked only when a frame is really painted. */
export interface Pane {
  /** Higher lies on top. */
  readonly layer: number;
  /** What to show now, or null for nothing. */
  draw(): (Overlay & { readonly cursor?: Frame['cursor'] }) | null;
}

export class Stage {
  #base: { readonly size: Size; readonly rows: readonly string[] } | null = null;
  #panes: readonly Pane[] = [];
  readonly #onChange: () => void;

  /** @param onChange called when the screen may look different than before */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Ink's newest frame, laid out for `size`. */
  setBase(size: Size, rows: readonly string[]): void {
    this.#base = { size, rows };
    this.#onChange();
  }

  addPane(pane: Pane): Disposable {
    this.#panes = [...this.#panes, pane].sort((one, other) => one.layer - other.layer);
    this.#onChange();
    return {
      [Symbol.dispose]: () => {
        this.#panes = this.#panes.filter((other) => other !== pane);
        this.#onChange();
      },
    };
  }

  /** A pane has something new to show. */
  changed(): void {
    this.#onChange();
  }

  /** The screen for a terminal of `size`; null while what was laid out is for another size. */
  frame(size: Size): Frame | null {
    const base = this.#base;
    if (base === null || base.size.cols !== size.cols || base.size.rows !== size.rows) return null;
    const overlays: Overlay[] = [];
    let cursor: Frame['cursor'] = null;
    for (const pane of this.#panes) {
      const drawn = pane.draw();
      if (drawn === null) continue;
      overlays.push(drawn);
      cursor = drawn.cursor ?? null;
    }
    return { size, rows: base.rows, overlays, cursor };
  }
}
