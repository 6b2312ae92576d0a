import { describe, expect, it } from 'vitest';
import { InputRouter } from './input-router.ts';

/** Keys arrive one a turn; the last one is a mark that all others came. */
const names = (bytes: string) =>
  new Promise<string[]>((resolve) => {
    const seen: string[] = [];
    const router = new InputRouter({
      onKey: ({ name }) => {
        seen.push(name);
        if (seen.at(-1) === '\u{10ffff}') resolve(seen.slice(0, -1));
      },
    });
    router.push(Buffer.from(bytes));
    router.flush();
    router.push(Buffer.from('\u{10ffff}'));
  });

describe('keys have the names that bindings use', () => {
  const cases: [string, string[]][] = [
    ['aZ?漢', ['a', 'Z', '?', '漢']],
    [' \r\n\t\x7f\x08', ['space', 'enter', 'enter', 'tab', 'backspace', 'backspace']],
    ['\x03\x1a\x1d\x00', ['ctrl+c', 'ctrl+z', 'ctrl+]', 'ctrl+space']],
    ['\x1b', ['esc']],
    ['\x1b[A\x1b[B\x1bOC\x1bOD', ['up', 'down', 'right', 'left']],
    ['\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~', ['home', 'end', 'home', 'end', 'home', 'end']],
    ['\x1b[5~\x1b[6~\x1b[3~', ['pageup', 'pagedown', 'delete']],
    ['\x1b[Z', ['shift+tab']],
    ['\x1b[1;5A\x1b[1;2C\x1b[1;3D\x1b[3;5~', ['ctrl+up', 'shift+right', 'alt+left', 'ctrl+delete']],
    ['\x1bOP\x1b[11~\x1b[[A', ['f1', 'f1', 'f1']],
    ['\x1bx\x1b\r', ['alt+x', 'alt+enter']],
    ['\x1b[200~two\nlines\x1b[201~', ['paste']],
  ];
  for (const [bytes, expected] of cases) {
    it(expected.join(' '), () => expect(names(bytes)).resolves.toEqual(expected));
  }

  it('a sequence that is no key types nothing', () => expect(names('\x1b[6;1R\x1b[?1;2c\x1b[I')).resolves.toEqual([]));
});
