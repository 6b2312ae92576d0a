// Sizes, times and lengths of time in the form in which people read them.

const STEP = 1024;
const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `1.4 MiB`, `312 B` */
export function bytesInWords(bytes: number): string {
  if (bytes < STEP) {
    return `${Math.round(bytes)} B`;
  }
  let amount = bytes / STEP;
  let unit = 0;
  while (amount >= STEP && unit < UNITS.length - 1) {
    amount /= STEP;
    unit += 1;
  }
  return `${amount < 10 ? amount.toFixed(1) : String(Math.round(amount))} ${UNITS[unit]}`;
}

/** `2 h 5 min`, `48 s`, `0.3 s` */
export function durationInWords(ms: number): string {
  if (ms < 10 * SECOND) {
    return `${(ms / SECOND).toFixed(1)} s`;
  }
  if (ms < MINUTE) {
    return `${Math.round(ms / SECOND)} s`;
  }
  if (ms < HOUR) {
    return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / SECOND)} s`;
  }
  if (ms < DAY) {
    return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`;
  }
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`;
}

/** `2026-11-22 10:47:03` by this computer's clock and time zone. */
export function timeInWords(instant: string | number): string {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
