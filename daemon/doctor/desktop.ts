// How well the desktop of whoever runs the doctor can ask and show: windows, tray, notifications.

import { checkDesktop } from '../desktop/check-desktop.ts';
import { type Finding, ok, warn } from './finding.ts';

const TODO = {
  less: 'for windows, tray and notifications: apt-get install yad, and a panel that shows a tray',
  missing: 'run this in the desktop of the person, or keep `chaperoned prompt` open in a terminal',
} as const;

export async function examineDesktop(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const findings = await checkDesktop(environment);
  return findings.map(({ grade, words }) =>
    grade === 'good' ? ok('desktop', words) : warn('desktop', words, TODO[grade]),
  );
}
