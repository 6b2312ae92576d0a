// Amounts as a person says them: "7.9 GiB", "3 days, 4 hours", "1 printer".

const BINARY = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `1536` → `1.5 KiB`. */
export function bytes(amount: number): string {
  let value = amount;
  let unit = 0;
  while (value >= 1024 && unit < BINARY.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? count(value, 'byte') : `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${BINARY[unit]}`;
}

/** Seconds → the two largest units that matter: `2 days, 3 hours`. */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(total / 86_400), 'day'],
    [Math.floor(total / 3600) % 24, 'hour'],
    [Math.floor(total / 60) % 60, 'minute'],
    [total % 60, 'second'],
  ] as const;
  const first = parts.findIndex(([value]) => value > 0);
  if (first === -1) return '0 seconds';
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => count(value, unit))
    .join(', ');
}

/** `count(1, 'disk')` → `1 disk`, `count(2, 'disk')` → `2 disks`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** A part of a whole, 0…100, rounded to one digit; 0 when the whole is 0. */
export function percentOf(part: number, wholeAmount: number): number {
  if (wholeAmount <= 0) return 0;
  return Math.min(100, Math.max(0, Math.round((part / wholeAmount) * 1000) / 10));
}

/** A moment as a machine's owner reads it, always with the offset: `2026-11-22 10:47:03 +01:00`. */
export function moment(epochMs: number): string {
  const date = new Date(epochMs);
  if (Number.isNaN(date.getTime())) return 'unknown';
  const offset = -date.getTimezoneOffset();
  const local = new Date(epochMs + offset * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  const two = (value: number) => String(value).padStart(2, '0');
  return `${local} ${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
}
