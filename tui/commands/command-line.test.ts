import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestMachine } from '../connection/test-machine.ts';
import { TestProgram } from './test-program.ts';

let program: TestProgram;
beforeEach(() => {
  program = new TestProgram();
});
afterEach(() => program[Symbol.dispose]());

/** Lets the program say on standard error which modules it loads. */
function watchModules(): void {
  const hook = join(program.home, 'watch.mjs');
  writeFileSync(
    hook,
    `import { registerHooks } from 'node:module';
     import { Socket } from 'node:net';
     const write = Socket.prototype.write;
     Socket.prototype.write = function (...args) {
       if (String(args[0]).startsWith('SSH-2.0')) process.stderr.write('speaks\\n');
       return write.apply(this, args);
     };
     registerHooks({ load(url, context, next) { process.stderr.write('loads ' + url + '\\n'); return next(url, context); } });`,
  );
  program.environment.NODE_OPTIONS += ` --import ${hook}`;
}

const loaded = (err: string) => err.split('\n').filter((line) => line.startsWith('loads '));

describe('starting', () => {
  it.each([['--version'], ['--help'], ['connect', '--help'], ['nonsense']])(
    '%s %s loads nothing heavy',
    async (...args) => {
      watchModules();
      const { err } = await program.run(args);
      const heavy = loaded(err).filter((line) =>
        /\/(ssh2|ink|react|@xterm|blessed|zod|yaml|tweetnacl|string-width)\//.test(line),
      );
      expect(heavy).toEqual([]);
      expect(loaded(err).length).toBeGreaterThan(1);
    },
  );

  it('connect sends its first byte before schemas are loaded', async () => {
    watchModules();
    await using machine = await TestMachine.start({
      onSocket: (socket) => socket.once('data', () => socket.destroy()),
    });
    const { code, err } = await program.run(['connect', machine.address, '--plain', '--reason', 'r', '--ticket', 't']);
    expect(code).toBe(4);
    const [before = '', after = ''] = err.split('speaks\n');
    expect(before).toContain('ssh2/lib/client.js');
    expect(before).not.toContain('/zod/');
    expect(after).toContain('/zod/');
  });
});

describe('wrong usage', () => {
  const ask = ['--reason', 'r', '--ticket', 't'];
  it.each([
    [['sesions'], 'did you mean "chaperone sessions"?'],
    [['connect'], 'missing required argument'],
    [['connect', 'host', '--frobnicate'], 'unknown option'],
    [['connect', '482 913 076', ...ask], 'one digit seems to be mistyped'],
    [['connect', 'a b', ...ask], 'is not an address'],
    [['connect', 'host', '--scope', 'shel', ...ask], 'did you mean "shell"?'],
    [['connect', 'host', '--fingerprint', 'aa:bb', ...ask], 'SHA256:'],
    [['connect', 'host', '--ticket', 't'], 'give it with --reason'],
    [['connect', 'host', '--reason', 'r', '--ticket', ' '], 'give it with --ticket'],
    [['run', 'host', 'memory', 'oops', ...ask], 'is not name=value'],
    [['run', 'host', 'memry', ...ask], 'did you mean "memory"?'],
    [['run', 'host', 'weather', ...ask], 'there are: system-overview, '],
    [['run', 'host', 'reach-host', 'port=7', ...ask], 'write it as host=…'],
    [['audit', 'show', 'x'], 'is not a number'],
    [['audit', 'list', '--limit', '-1'], 'is not a limit'],
    [['audit', 'verify'], 'begins with your first connection'],
    [['audit', 'verify', '/nonexistent'], 'name the directory'],
    [['receipt', '019a'], 'chaperone sessions'],
    [['replay', '019a'], 'chaperone sessions'],
  ])('%j says what is wrong and exits with 2', async (args, words) => {
    const { code, err, out } = await program.runHere(args);
    expect(err).toContain(words);
    expect(code).toBe(2);
    expect(out).toBe('');
  });
});
