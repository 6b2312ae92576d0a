// How well this desktop can ask and show, in sentences for `chaperoned tray` and whoever looks for what is missing.

import { busAddress, DesktopBus } from './bus/desktop-bus.ts';
import { Notifications } from './bus/notifications.ts';
import { DIALOG_PROGRAMS, openPlace } from './place.ts';
import { inTerminal } from './terminal-program.ts';
import { WATCHER } from './tray/status-item.ts';

const NO_BUS =
  'there is no D-Bus session: a window stands in for the icon and its menu, and reminders appear as small windows';

export interface DesktopFinding {
  /** `missing`: nobody can be asked; `less`: it works, with something in its place. */
  readonly grade: 'good' | 'less' | 'missing';
  readonly words: string;
}

/** What was found, the most important first. Changes nothing. */
export async function checkDesktop(environment: NodeJS.ProcessEnv): Promise<DesktopFinding[]> {
  const findings: DesktopFinding[] = [];
  try {
    using place = await openPlace(environment);
    const program = DIALOG_PROGRAMS.find((name) => place.find(name) !== undefined);
    if (program === 'yad')
      findings.push({ grade: 'good', words: 'questions and the indicator appear in windows of yad' });
    else if (program === 'zenity') {
      findings.push({ grade: 'less', words: 'questions appear in windows of zenity; proposed commands need yad' });
    } else if (inTerminal(place.find) === null) {
      findings.push({
        grade: 'missing',
        words: 'neither yad, zenity nor a terminal program is installed: nobody can be asked',
      });
    } else findings.push({ grade: 'less', words: 'neither yad nor zenity is installed: a terminal asks and shows' });
  } catch {
    return [
      { grade: 'missing', words: 'there is no X11 screen here: questions need `chaperoned prompt` in a terminal' },
    ];
  }
  return [...findings, ...(await checkBus(environment))];
}

async function checkBus(environment: NodeJS.ProcessEnv): Promise<DesktopFinding[]> {
  try {
    using bus = await DesktopBus.connect(busAddress(environment));
    const tray = await bus.hasOwner(WATCHER);
    const notifications = await Notifications.open(bus);
    notifications?.[Symbol.dispose]();
    return [
      tray
        ? { grade: 'good', words: 'the icon appears in the tray' }
        : { grade: 'less', words: 'this desktop has no tray: a window stands in for the menu of the icon' },
      notifications === null
        ? { grade: 'less', words: 'nothing shows notifications: reminders appear as small windows' }
        : { grade: 'good', words: 'notifications appear' },
    ];
  } catch {
    return [{ grade: 'less', words: NO_BUS }];
  }
}
