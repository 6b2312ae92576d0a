// Log text as people scroll it past: plain and coloured, the same bytes in every run.
import { writeFileSync } from 'node:fs';
import { randomFrom } from './random.ts';

const LEVELS = ['debug', 'info', 'info', 'info', 'warn', 'error'] as const;
const COLOURS = { debug: 90, info: 32, warn: 33, error: 31 } as const;
const WORDS =
  'accepted backup cache closed connection disk failed file for from host job loaded mail of opened printer queue read request retry service session started stopped timeout to update user wrote'.split(
    ' ',
  );
const BLOCK_LINES = 4096; // repeated, because making text is slower than writing it

/** Writes at least `bytes` of lines, about 110 characters each; `coloured` as journalctl and pino-pretty colour them. */
export function writeLogText(file: string, bytes: number, coloured: boolean): void {
  const random = randomFrom(1);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const lines = Array.from({ length: BLOCK_LINES }, (_, index) => {
    const level = pick(LEVELS);
    const time = new Date(1_700_000_000_000 + index * 1379).toISOString();
    const message = Array.from({ length: 9 }, () => pick(WORDS)).join(' ');
    return coloured
      ? `\u001b[90m${time}\u001b[0m \u001b[1;${COLOURS[level]}m${level.padEnd(5)}\u001b[0m \u001b[36mservice[${index}]\u001b[0m: ${message}\n`
      : `${time} ${level.padEnd(5)} service[${index}]: ${message}\n`;
  });
  const block = lines.join('');
  writeFileSync(file, block.repeat(Math.ceil(bytes / block.length)));
}
