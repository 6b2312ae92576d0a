// Holds the layers apart and the files small; `node scripts/layer-rule.ts` prints every breach, `scripts/check` runs it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { importsOf } from './imports.ts';

/** What each top folder may import beside itself and packages. A folder that is missing here may not hold code. */
const MAY_IMPORT = new Map<string, readonly string[]>([
  ['protocol', []],
  ['daemon', ['protocol']],
  ['tui', ['protocol']],
  ['hub', ['protocol']],
  ['scripts', ['protocol', 'test']],
  ['test', ['protocol', 'daemon', 'tui', 'hub', 'scripts']],
]);
/** What a folder may import beside what its layer may. */
const MAY_ALSO_IMPORT = new Map<string, readonly string[]>([
  ['scripts/measure', ['daemon']], // single pieces are measured as well as the whole
]);
/** Beside its layer's imports: tests may use what the test folder offers to all. */
const TESTS_MAY_IMPORT = 'test';
/** An optional module, which must cost nothing where it is off. */
const LAZY = 'daemon/screen';
/** The emulator has one home, so that whoever draws goes through its sanitising screen. */
const ONE_HOME = [{ packages: /^@xterm\//, home: 'protocol/terminal' }];
const KIND_NAMES = /^(utils?|helpers?|common|misc|types)$/;
const MAX_LINES = 350; // then it holds two ideas (tests may be longer)

export interface Breach {
  readonly file: string;
  /** 1-based; 0 when all of the file is meant. */
  readonly line: number;
  readonly rule: string;
}

const isTest = (file: string) => /\.test\.tsx?$/.test(file) || file.startsWith('test/');
const isInside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** Breaches of one file; `file` is its path from the project's folder, with `/`. */
export function breachesOf(file: string, source: string): Breach[] {
  return [...breachesOfName(file), ...breachesOfLength(file, source), ...breachesOfImports(file, source)];
}

function breachesOfName(file: string): Breach[] {
  const names = file.split('/').map((part) => part.replace(/\..*$/, ''));
  const bad = names.find((name) => KIND_NAMES.test(name));
  return bad === undefined ? [] : [{ file, line: 0, rule: `"${bad}" says what kind of code it is, not what it does` }];
}

function breachesOfLength(file: string, source: string): Breach[] {
  const lines = source.split('\n').length - 1;
  if (lines <= MAX_LINES || isTest(file)) return [];
  return [{ file, line: 0, rule: `${lines} lines, at most ${MAX_LINES}: it holds more than one idea` }];
}

function breachesOfImports(file: string, source: string): Breach[] {
  const layer = file.split('/')[0] ?? '';
  const own = MAY_IMPORT.get(layer);
  if (own === undefined) return [{ file, line: 0, rule: `${layer}/ is not one of the folders of the design` }];
  const allowed = [layer, ...own, ...(MAY_ALSO_IMPORT.get(posix.dirname(file)) ?? [])];
  if (isTest(file)) allowed.push(TESTS_MAY_IMPORT);
  const breaches: Breach[] = [];
  for (const { from, line, isStatic } of importsOf(source)) {
    const add = (rule: string) => breaches.push({ file, line, rule });
    if (!from.startsWith('.')) {
      const kept = ONE_HOME.find(({ packages }) => packages.test(from));
      if (kept !== undefined && !isInside(file, kept.home)) add(`${from} is imported in ${kept.home} only`);
      continue;
    }
    const target = posix.join(posix.dirname(file), from);
    if (!allowed.includes(target.split('/')[0] ?? '')) add(`${layer} must not import ${target}`);
    if (isStatic && isInside(target, LAZY) && !isInside(file, LAZY)) add(`${LAZY} is loaded by import() only`);
  }
  return breaches;
}

/** All TypeScript files in folders that git tracks or would track; those beside package.json are settings of tools. */
function sourceFiles(): string[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '*.ts', '*.tsx']);
  return list
    .toString()
    .split('\0')
    .filter((file) => file.includes('/'));
}

function main(): void {
  const breaches = sourceFiles().flatMap((file) => {
    try {
      return breachesOf(file, readFileSync(file, 'utf8'));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []; // deleted, not yet committed
      throw error;
    }
  });
  for (const { file, line, rule } of breaches) console.error(`${file}${line === 0 ? '' : `:${line}`}: ${rule}`);
  process.exitCode = breaches.length === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) main();
