// Finds what a TypeScript file imports, without a compiler: enough for code that Biome has formatted.

export interface Import {
  readonly from: string;
  /** 1-based. */
  readonly line: number;
  /** False for `import('…')`, which loads when it is reached. */
  readonly isStatic: boolean;
}

// Comments, strings and import statements in one pattern, so that whatever begins first hides what it contains.
const COMMENT = String.raw`//[^\n]*|/\*[\s\S]*?\*/`;
const STRING = String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`;
const TEMPLATE = '`(?:\\\\.|[^`\\\\])*`';
// What is imported holds neither quotes nor parentheses: `import { a } from`, `export * from`, `import type x from`.
const STATIC = String.raw`(?<![.\w$])(?:import|(?:import|export)\b[^'"();=]*?\bfrom)\s*(?<static>${STRING})`;
const DYNAMIC = String.raw`(?<![.\w$])(?:import|require)\s*\(\s*(?<dynamic>${STRING})`;
const TOKEN = new RegExp([COMMENT, STATIC, DYNAMIC, STRING, TEMPLATE].join('|'), 'g');

/** Specifiers in the order in which they stand; also those of `import type`, `export … from` and `require`. */
export function importsOf(source: string): Import[] {
  const imports: Import[] = [];
  for (const { 0: token, index, groups } of source.matchAll(TOKEN)) {
    const quoted = groups?.static ?? groups?.dynamic;
    if (quoted === undefined) continue;
    const line = source.slice(0, index + token.length).split('\n').length;
    imports.push({ from: quoted.slice(1, -1), line, isStatic: groups?.static !== undefined });
  }
  return imports;
}
