import { describe, expect, it } from 'vitest';
import { isInstalled, missingEntries, platformOf } from './lockfile.ts';

const zod = { version: '4.0.0', integrity: 'sha512-a' };
const packages = (entries: object): Map<string, Record<string, unknown>> => new Map(Object.entries(entries));

describe('a lock leaves out packages of other platforms', () => {
  const tool = {
    version: '1.2.3',
    dev: true,
    optionalDependencies: { '@tool/linux-x64-musl': '1.2.3', fsevents: '~2.3.3' },
  };

  it('which are added with what their names say; a range is left to npm', () => {
    expect([...missingEntries(packages({ '': {}, 'node_modules/tool': tool }))]).toEqual([
      [
        'node_modules/@tool/linux-x64-musl',
        { version: '1.2.3', cpu: ['x64'], dev: true, libc: ['musl'], optional: true, os: ['linux'] },
      ],
    ]);
  });

  it.each([
    ['node_modules/a/node_modules/tool/node_modules/@tool/linux-x64-musl', 0],
    ['node_modules/a/node_modules/@tool/linux-x64-musl', 0],
    ['node_modules/@tool/linux-x64-musl', 0],
    ['node_modules/b/node_modules/@tool/linux-x64-musl', 1],
  ])('one at %s is seen as Node would see it', (path, missing) => {
    const lock = packages({ 'node_modules/a/node_modules/tool': tool, [path]: {} });
    expect(missingEntries(lock).size).toBe(missing);
  });

  it.each([
    ['@biomejs/cli-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['jscpd-windows-x64-msvc', { os: ['win32'], cpu: ['x64'] }],
    ['@oxc-parser/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
    ['bufferutil', {}],
  ])('%s is for %o', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });
});

describe('the packages are installed', () => {
  const wanted = packages({
    '': {},
    'node_modules/zod': zod,
    'node_modules/mac': { version: '1.0.0', optional: true },
  });

  it('when all but optional ones are there', () => {
    expect(isInstalled(wanted, packages({ 'node_modules/zod': zod }))).toBe(true);
  });

  it.each([
    ['one is missing', {}],
    ['one has another version', { 'node_modules/zod': { ...zod, version: '4.0.1' } }],
    ['one has other contents', { 'node_modules/zod': { ...zod, integrity: 'sha512-b' } }],
    ['one is there that nobody asked for', { 'node_modules/zod': zod, 'node_modules/other': { version: '1.0.0' } }],
  ])('not when %s', (_, present) => {
    expect(isInstalled(wanted, packages(present))).toBe(false);
  });
});
