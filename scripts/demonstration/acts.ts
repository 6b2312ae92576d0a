// What the two people do, one act at a time, each waiting until the screen says that it may be done.

import { MACHINE_NAME, SHELL_PROMPT, TECHNICIAN } from './setting.ts';
import type { Window } from './window.ts';

export const REASON = 'The printer at the front desk is offline';
export const TICKET = 'IT-2041';
const CODE = /One-time code: (\S+)/;
const ARMED_QUESTION = /^(?![\s\S]*Please read first)[\s\S]*(\[ Allow \])/;

/** The one-time code, read from the screen. */
export async function readCode(prompt: Window): Promise<string> {
  const [code = ''] = await prompt.until('a one-time code on the screen', CODE, 'Nobody is connected.');
  return code;
}

/** The connect form gets the code, the reason and the ticket; the mark of an opened form stands on the code. */
export async function fillIn(dashboard: Window, code: string): Promise<void> {
  await dashboard.until('the form of a new session', 'New session', 'Ask the person at the machine');
  dashboard.type(code);
  dashboard.press('Tab');
  dashboard.type(REASON);
  dashboard.press('Tab');
  dashboard.type(TICKET);
  await dashboard.until('the form to be filled in', code, REASON, TICKET);
}

/** Past the permissions, which are ticked as they should be, to the button. */
export function submit(dashboard: Window): void {
  const permissions = dashboard.text().filter((line) => /\[[x ]\] /.test(line));
  for (const _ of permissions) dashboard.press('Tab');
  dashboard.press('Tab', 'Enter');
}

/** Resolves when the dashboard asks whether `hostKey` is to be trusted. */
export async function untilKeyIsAsked(dashboard: Window, hostKey: string): Promise<void> {
  await dashboard.until("the machine's own key, to be confirmed", hostKey, 'Trust this key');
}

/** Resolves when the person can read the question and answer it. */
export async function untilAsked(prompt: Window): Promise<void> {
  await prompt.until('the question', 'SOMEONE ASKS TO HELP', TECHNICIAN, REASON, TICKET, 'Phone: +1 555 0100');
  await prompt.until('the choices to work', ARMED_QUESTION);
}

/** The person allows what is ticked; resolves when both sides show the session. */
export async function allow(prompt: Window, dashboard: Window): Promise<void> {
  prompt.press('Tab', 'Tab');
  await prompt.until('Allow to be marked', '▶[ Allow ]');
  prompt.press('Enter');
  await prompt.until('who is connected', `You allowed ${TECHNICIAN}`, /(Dana Roe \(.*\) is connected)/);
  await dashboard.until('the session', '● LIVE', MACHINE_NAME, SHELL_PROMPT);
}

const TABS = { Diagnostics: '2', Vitals: '3', Audit: '4' } as const;

/** From the shell to another tab. */
export async function leaveShellFor(tab: keyof typeof TABS, dashboard: Window): Promise<void> {
  dashboard.press('Ctrl-]');
  await dashboard.until('the keyboard to be back from the shell', 'type in the shell');
  dashboard.type(TABS[tab]);
}

/** From another tab to the shell. */
export async function openShell(dashboard: Window): Promise<void> {
  dashboard.type('1');
  await dashboard.until('the shell', SHELL_PROMPT, 'leave the shell');
}

/** Types a command in the shell, which has the keyboard. */
export function run(dashboard: Window, command: string): void {
  dashboard.type(command);
  dashboard.press('Enter');
}
