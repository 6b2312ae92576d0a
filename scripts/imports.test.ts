import { describe, expect, it } from 'vitest';
import { importsOf } from './imports.ts';

const found = (source: string) => importsOf(source).map(({ from }) => from);

describe('the imports of a file', () => {
  it.each([
    ["import './a.ts';", './a.ts'],
    ['import "./a.ts";', './a.ts'],
    ["import a from './a.ts';", './a.ts'],
    ["import * as a from './a.ts';", './a.ts'],
    ["import a, { type B } from './a.ts';", './a.ts'],
    ["import type { B } from './a.ts';", './a.ts'],
    ["import {\n  a,\n  b,\n} from './a.ts';", './a.ts'],
    ["import a from './a.json' with { type: 'json' };", './a.json'],
    ["export * from './a.ts';", './a.ts'],
    ["export { b as c } from './a.ts';", './a.ts'],
    ["const a = await import('./a.ts');", './a.ts'],
    ["type A = import('./a.ts').A;", './a.ts'],
    ["const a = import(\n  './a.ts',\n);", './a.ts'],
    ["const a = require('./a.cjs');", './a.cjs'],
    ["const s = '// no comment'; import('./a.ts');", './a.ts'],
    ['const s = `a` + "b\\"" + \'c\'; import("./a.ts");', './a.ts'],
  ])('has the one of %s', (source, from) => {
    expect(found(source)).toEqual([from]);
  });

  it.each([
    "// import './a.ts';",
    "/* import './a.ts';\n import './b.ts' */",
    '"import \'./a.ts\'";',
    "`\nimport './a.ts'\n`;",
    "export const a = './a.ts';",
    "export interface A {\n  from: './a.ts';\n}",
    "loader.import('./a.ts');",
    "exportAll('./a.ts');",
  ])('are none in %s', (source) => {
    expect(found(source)).toEqual([]);
  });

  it('come with their line, and with what loads at once', () => {
    expect(importsOf("import {\n  a,\n} from './a.ts';\n\nimport('./b.ts');\n")).toEqual([
      { from: './a.ts', line: 3, isStatic: true },
      { from: './b.ts', line: 5, isStatic: false },
    ]);
  });
});
