import { describe, expect, it } from 'vitest';
import { breachesOf } from './layer-rule.ts';

const rules = (file: string, source: string) => breachesOf(file, source).map(({ rule }) => rule);
const imports = (from: string) => `import { a } from '${from}';\n`;

describe('each layer imports only protocol and itself', () => {
  it.each([
    ['protocol/log/a.ts', '../../daemon/b.ts', 'protocol must not import daemon/b.ts'],
    ['protocol/a.ts', '../tui/b.ts', 'protocol must not import tui/b.ts'],
    ['protocol/a.ts', '../hub/b.ts', 'protocol must not import hub/b.ts'],
    ['daemon/a.ts', '../tui/b.ts', 'daemon must not import tui/b.ts'],
    ['daemon/a.test.ts', '../tui/b.ts', 'daemon must not import tui/b.ts'],
    ['daemon/run/a.ts', '../../hub/b.ts', 'daemon must not import hub/b.ts'],
    ['tui/a.tsx', '../daemon/b.ts', 'tui must not import daemon/b.ts'],
    ['hub/a.ts', '../daemon/b.ts', 'hub must not import daemon/b.ts'],
    ['daemon/a.ts', '../scripts/b.ts', 'daemon must not import scripts/b.ts'],
    ['daemon/a.ts', '../test/b.ts', 'daemon must not import test/b.ts'],
    ['scripts/demonstration/a.ts', '../../daemon/b.ts', 'scripts must not import daemon/b.ts'],
    ['scripts/measure/a.ts', '../../tui/b.ts', 'scripts must not import tui/b.ts'],
  ])('%s with %s is a breach', (file, from, rule) => {
    expect(breachesOf(file, `\n${imports(from)}`)).toEqual([{ file, line: 2, rule }]);
    expect(rules(file, `const a = await import('${from}');\n`)).toEqual([rule]);
    expect(rules(file, `export type { A } from '${from}';\n`)).toEqual([rule]);
  });

  it.each([
    ['protocol/a.ts', './log/b.ts'],
    ['daemon/run/a.ts', '../path/b.ts'],
    ['daemon/run/a.ts', '../../protocol/b.ts'],
    ['tui/a.tsx', '../protocol/b.ts'],
    ['hub/a.ts', 'ws'],
    ['daemon/a.test.ts', '../test/requires.ts'],
    ['test/e2e/a.test.ts', '../../daemon/b.ts'],
    ['scripts/a.ts', '../protocol/b.ts'],
    ['scripts/measure/a.ts', '../../daemon/b.ts'],
  ])('%s with %s is fine', (file, from) => {
    expect(rules(file, imports(from))).toEqual([]);
  });

  it('knows every folder that holds code', () => {
    expect(rules('server/a.ts', '')).toEqual(['server/ is not one of the folders of the design']);
  });
});

describe('what has one place', () => {
  it('the screen module is loaded only when it is asked for', () => {
    expect(rules('daemon/a.ts', imports('./screen/b.ts'))).toEqual(['daemon/screen is loaded by import() only']);
    expect(rules('daemon/a.ts', "await import('./screen/b.ts');\n")).toEqual([]);
    expect(rules('daemon/screen/a.ts', imports('./b.ts'))).toEqual([]);
    expect(rules('daemon/a.ts', imports('./screening.ts'))).toEqual([]);
  });

  it('the emulator is imported in protocol/terminal only', () => {
    const rule = '@xterm/headless is imported in protocol/terminal only';
    expect(rules('tui/shell/a.ts', imports('@xterm/headless'))).toEqual([rule]);
    expect(rules('protocol/terminal/a.ts', imports('@xterm/headless'))).toEqual([]);
  });
});

describe('names and sizes', () => {
  it.each([
    'daemon/utils/a.ts',
    'tui/types.ts',
    'protocol/misc/a.test.ts',
    'hub/helper.ts',
    'tui/common.tsx',
    'daemon/types.d.ts',
  ])('%s says nothing about what it does', (file) => {
    expect(rules(file, '')).toHaveLength(1);
  });

  it('a file that only sounds like one is fine', () => {
    expect(rules('daemon/typescript/commons.ts', '')).toEqual([]);
  });

  it('350 lines are one idea, 351 are two; tests may be longer', () => {
    expect(rules('tui/a.ts', '\n'.repeat(350))).toEqual([]);
    expect(rules('tui/a.ts', '\n'.repeat(351))).toEqual(['351 lines, at most 350: it holds more than one idea']);
    expect(rules('tui/a.test.ts', '\n'.repeat(351))).toEqual([]);
  });
});
