// Reporter of scripts/test: what was skipped, and one plain line of counts, into the file that CHAPERONE_TEST_SUMMARY names.
import { writeFileSync } from 'node:fs';
import { env } from 'node:process';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Errors that belong to no test: a file that does not load, a failing `beforeAll`, a rejection that nobody awaited. */
function errorsOutsideTests(modules: readonly TestModule[]): number {
  const groups = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  return groups.filter((group) => group.errors().length > 0).length;
}

/** The last line is `N passed, N failed`, with `, N skipped` where there were such. */
export function summarise(modules: readonly TestModule[], unhandled: number): string {
  const tests: TestCase[] = modules.flatMap((module) => [...module.children.allTests()]);
  const inState = (...states: string[]) => tests.filter((test) => states.includes(test.result().state));
  const skipped = inState('skipped');
  // A test without a result was cut off: its worker died, or the run was stopped.
  const failed = inState('failed', 'pending').length + errorsOutsideTests(modules) + unhandled;
  const counts = [`${inState('passed').length} passed`, `${failed} failed`];
  if (skipped.length > 0) counts.push(`${skipped.length} skipped`);
  return [...skipped.map((test) => `skipped: ${test.fullName}`), counts.join(', '), ''].join('\n');
}

export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const file = env.CHAPERONE_TEST_SUMMARY;
    if (file !== undefined) writeFileSync(file, summarise(modules, unhandled.length));
  }
}
