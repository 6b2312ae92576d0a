import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const EMULATOR = new URL('./emulator.ts', import.meta.url).href;

/** Measures a family emoji and a wide character in a process whose pool of small Buffers begins with `byte`s. */
function measuredWithPoolOf(byte: number): string {
  const script = `
    for (let left = Buffer.poolSize; left > 0; left -= 64) Buffer.from(String.fromCharCode(${byte}).repeat(64), 'latin1');
    const { createEmulator } = await import(${JSON.stringify(EMULATOR)});
    const terminal = createEmulator({ cols: 20, rows: 2, scrollback: 0 });
    terminal.write('\\u{1F468}\\u200D\\u{1F469}\\u200D\\u{1F467}\\u{20000}e\\u0301|', () => {
      process.stdout.write(String(terminal.buffer.active.cursorX));
      terminal.dispose();
    });`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000, // read from the wrong place, the table's size may be gigabytes
    killSignal: 'SIGKILL',
  });
}

describe('the grapheme tables', () => {
  // Two cells for the family, two for the ideograph, one each for é and the bar.
  it.each([0x00, 0x01, 0x41, 0xff])('load and measure right, whatever Buffers held before (byte %i)', (byte) => {
    expect(measuredWithPoolOf(byte)).toBe('6');
  });
});
