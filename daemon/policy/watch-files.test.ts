// A change of a file is noticed however it is made, and where the system says nothing, by looking again.

import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchFiles } from './watch-files.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaperone-watch-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function noticing(file: string, lookEveryMs: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const watching = watchFiles({ files: () => [file], onChange: resolve, lookEveryMs });
  return { noticed: promise, [Symbol.dispose]: () => watching[Symbol.dispose]() };
}

it.each<[string, (file: string) => void]>([
  ['written', (file) => writeFileSync(file, 'two')],
  ['removed', (file) => rmSync(file)],
  [
    'replaced, as editors do',
    (file) => {
      writeFileSync(`${file}.new`, 'two');
      renameSync(`${file}.new`, file);
    },
  ],
])('a file that is %s is noticed at once', async (_, change) => {
  const file = join(directory, 'policy.yaml');
  writeFileSync(file, 'one');
  using watching = noticing(file, 3_600_000);
  change(file);
  await watching.noticed;
});

it('what happens to other files of the directory is not told', async () => {
  const [file, other] = [join(directory, 'policy.yaml'), join(directory, 'other')];
  writeFileSync(file, 'one');
  let told = 0;
  const onChange = () => {
    told += 1;
  };
  using _ = watchFiles({ files: () => [file], onChange, lookEveryMs: 3_600_000 });
  using both = noticing(other, 3_600_000); // hears of it after the first one did
  writeFileSync(other, 'x');
  await both.noticed;
  expect(told).toBe(0);
});

it('a file in a directory that is not there yet is noticed by looking', async () => {
  const file = join(directory, 'later', 'policy.yaml');
  using watching = noticing(file, 20);
  mkdirSync(join(directory, 'later'));
  // Again and again: the first look may come after it was written.
  const writing = setInterval(() => writeFileSync(file, `${Math.random()}`), 15);
  try {
    await watching.noticed;
  } finally {
    clearInterval(writing);
  }
});
