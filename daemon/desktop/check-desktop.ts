// How well this desktop can ask and show, in sentences for `chaperoned tray` and whoever looks for what is missing.

import { busAddress, DesktopBus } from './bus/desktop-bus.ts';
import { Notifications } from './bus/notifications.ts';
import { DIALOG_PROGRAMS, openPlace } from './place.ts';
import { inTerminal } from './terminal-program.ts';
import { WATCHER } from './tray/status-item.ts';

/** What the D-Bus session of the desktop offers; null without one. */
interface BusFacts {
  readonly tray: boolean;
  readonly notifications: 'with buttons' | 'without buttons' | 'none';
}

export interface DesktopFinding {
  /** `missing`: nobody can be asked; `less`: it works, with something in its place. */
  readonly grade: 'good' | 'less' | 'missing';
  readonly words: string;
}

/** What was found, the most important first. Changes nothing. */
export async function checkDesktop(environment: NodeJS.ProcessEnv): Promise<DesktopFinding[]> {
  let dialogs: (typeof DIALOG_PROGRAMS)[number] | undefined;
  let terminal: boolean;
  try {
    using place = await openPlace(environment);
    dialogs = DIALOG_PROGRAMS.find((name) => place.find(name) !== undefined);
    terminal = inTerminal(place.find) !== null;
  } catch {
    return [
      { grade: 'missing', words: 'there is no X11 screen here: questions need `chaperoned prompt` in a terminal' },
    ];
  }
  const bus = await lookAtBus(environment);
  return [
    whatAsks(dialogs, terminal, bus?.notifications === 'with buttons'),
    ...whatElseIsShown(bus, dialogs !== undefined),
  ];
}

function whatAsks(dialogs: string | undefined, terminal: boolean, buttons: boolean): DesktopFinding {
  if (dialogs === 'yad') return { grade: 'good', words: 'questions and the indicator appear in windows of yad' };
  if (dialogs === 'zenity') {
    return { grade: 'less', words: 'questions appear in windows of zenity; proposed commands need yad' };
  }
  if (!terminal) {
    const words = buttons
      ? 'neither yad, zenity nor a terminal program is installed: nothing can show who is connected, so nobody is let in'
      : 'neither yad, zenity nor a terminal program is installed: nobody can be asked';
    return { grade: 'missing', words };
  }
  const words = buttons ? 'a notification asks, and a terminal shows' : 'a terminal asks and shows';
  return { grade: 'less', words: `neither yad nor zenity is installed: ${words}` };
}

/** @param windows whether a program makes small windows for what the desktop does not show by itself */
function whatElseIsShown(bus: BusFacts | null, windows: boolean): DesktopFinding[] {
  const menu = windows ? 'a window stands in for the icon and its menu' : 'there is no icon and no menu';
  const reminders = windows ? 'reminders appear as small windows' : 'there are no reminders';
  if (bus === null) return [{ grade: 'less', words: `there is no D-Bus session: ${menu}, and ${reminders}` }];
  return [
    bus.tray
      ? { grade: 'good', words: 'the icon appears in the tray' }
      : { grade: 'less', words: `this desktop has no tray: ${menu}` },
    bus.notifications === 'none'
      ? { grade: 'less', words: `nothing shows notifications: ${reminders}` }
      : { grade: 'good', words: 'notifications appear' },
  ];
}

async function lookAtBus(environment: NodeJS.ProcessEnv): Promise<BusFacts | null> {
  try {
    using bus = await DesktopBus.connect(busAddress(environment));
    const tray = await bus.hasOwner(WATCHER);
    using notifications = await Notifications.open(bus);
    const buttons = notifications?.hasButtons === true ? 'with buttons' : 'without buttons';
    return { tray, notifications: notifications === null ? 'none' : buttons };
  } catch {
    return null;
  }
}
