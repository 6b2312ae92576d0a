// Medians, percentiles and ratios of samples, and the tables that show them.

/** Value below which `percent` of the samples lie (nearest rank). @throws RangeError without samples */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.max(Math.ceil((percent / 100) * sorted.length) - 1, 0)];
  if (value === undefined) throw new RangeError('no samples');
  return value;
}

/** The middle sample, the lower one of two. @throws RangeError without samples */
export function median(samples: readonly number[]): number {
  return percentile(samples, 50);
}

/** What a figure should reach: as a ratio to the first target, or as a value of its own. */
export type Aim =
  | { readonly ratio: 'at most' | 'at least'; readonly of: number }
  | { readonly value: 'at most'; readonly of: number };

/** One line of results: the same quantity for every target, in the order of the targets. */
export interface Row {
  readonly label: string;
  readonly unit: string;
  /** `undefined` where the quantity does not exist for a target. */
  readonly values: readonly (number | undefined)[];
  readonly aim?: Aim;
}

/** Value of each target after the first, as a multiple of the first one's. */
export function ratios({ values: [base, ...others] }: Row): (number | undefined)[] {
  return others.map((value) => (base === undefined || base === 0 || value === undefined ? undefined : value / base));
}

/** True when every target after the first reaches the aim; true without an aim or without such targets. */
export function reachesAim(row: Row): boolean {
  const { aim, values } = row;
  if (aim === undefined) return true;
  const reached = 'ratio' in aim ? ratios(row) : values.slice(1);
  const isAtLeast = 'ratio' in aim && aim.ratio === 'at least';
  return reached.every((value) => value === undefined || (isAtLeast ? value >= aim.of : value <= aim.of));
}

/** A plain-text table; with a second target its ratio to the first, and whether the aim is reached. */
export function table(targets: readonly string[], rows: readonly Row[]): string {
  const head = ['', ...targets, ...targets.slice(1).map(() => 'ratio'), 'aim', ''];
  const body = rows.map((row) => [
    `${row.label}, ${row.unit}`,
    ...row.values.map(inDigits),
    ...targets.slice(1).map((_, index) => inDigits(ratios(row)[index])),
    aimInWords(row),
    row.aim !== undefined && targets.length > 1 && !reachesAim(row) ? 'MISSED' : '',
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((cells) => [...(cells[column] ?? '')].length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [head, ...body].map(line).join('\n');
}

function aimInWords({ aim, unit }: Row): string {
  if (aim === undefined) return '';
  const sign = 'ratio' in aim && aim.ratio === 'at least' ? '≥' : '≤';
  return 'ratio' in aim ? `${sign} ${aim.of}×` : `${sign} ${aim.of} ${unit}`;
}

/** Three digits that mean something: 0.324, 57.5, 1,430. */
function inDigits(value: number | undefined): string {
  if (value === undefined) return '–';
  return value.toLocaleString('en', { maximumSignificantDigits: value >= 1000 ? 4 : 3 });
}
