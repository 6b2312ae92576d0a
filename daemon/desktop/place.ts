// Where windows can be shown: the screen of the person at the machine and the programs that draw on it.

import { findExecutable } from '../run/executable.ts';
import { XScreen } from './x11/screen.ts';

/** Programs that a desktop may have; all are optional. */
export const DIALOG_PROGRAMS = ['yad', 'zenity'] as const;

export interface DesktopPlace {
  readonly screen: XScreen;
  /** Of every window's program. */
  readonly environment: NodeJS.ProcessEnv;
  /** Stands before a window's program and becomes it, so that it dies with this one. */
  readonly launcher: readonly string[];
  /** Where a program is, or undefined. */
  readonly find: (program: string) => string | undefined;
}

/** @throws NoScreen when there is none whose windows can be checked */
export async function openPlace(environment: NodeJS.ProcessEnv): Promise<DesktopPlace & Disposable> {
  const screen = await XScreen.connect(environment.DISPLAY);
  const find = (program: string) => findExecutable(program, environment.PATH ?? '');
  const setpriv = find('setpriv');
  return {
    screen,
    // Below Wayland too the windows come through X11: elsewhere nobody could tell whether they are on the screen.
    // The startup time says that nobody asked for them just now, so that window managers do not hand them the keyboard.
    environment: { ...readable(environment), GDK_BACKEND: 'x11', DESKTOP_STARTUP_ID: 'chaperone_TIME1' },
    launcher: setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'KILL', '--'],
    find,
    [Symbol.dispose]: () => screen[Symbol.dispose](),
  };
}

/** yad and zenity refuse words that their locale cannot write, and nobody would be asked. */
function readable(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { LC_ALL: all, ...rest } = environment;
  const characters = all || environment.LC_CTYPE || environment.LANG || '';
  return /utf-?8/i.test(characters) ? environment : { ...rest, LC_CTYPE: 'C.UTF-8' };
}
