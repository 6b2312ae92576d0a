// `chaperoned tray`: the person's desktop program, until the desktop, the daemon or the person ends it.

import { EXIT, UsageError } from '../../protocol/errors.ts';
import { checkDesktop } from '../desktop/check-desktop.ts';
import { runTray } from '../desktop/tray-program.ts';
import { DaemonLost } from '../local/errors.ts';
import { duration } from '../policy/duration.ts';
import { withDaemon } from './daemon-client.ts';

const REMIND_AFTER = duration('1s', '8h'); // a working day; who wants none can close the reminder
const USUAL = '5m'; // long enough to read a manual, short enough to remember the call
const REMIND_HINT = 'a whole number and s, m or h, from 1s to 8h, such as 10m';

export interface TrayOptions {
  readonly check?: boolean;
  /** As it was typed, such as `10m`. */
  readonly remindAfter?: string;
}

export async function tray({ check = false, remindAfter = USUAL }: TrayOptions): Promise<void> {
  const remindAfterMs = readRemindAfter(remindAfter);
  if (check) {
    await printCheck();
    return;
  }
  await sayWhatIsLess();
  const stopped = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stopped.abort());
  const why = await withDaemon((client) => runTray(client, process.env, stopped.signal, { remindAfterMs }));
  if (why === 'daemon lost') throw new DaemonLost();
}

/** @throws UsageError */
function readRemindAfter(written: string): number {
  const { success, data, error } = REMIND_AFTER.safeParse(written);
  if (success) return data;
  throw new UsageError(`--remind-after: ${error.issues[0]?.message}`, REMIND_HINT);
}

/** For whoever starts it in a terminal, and for the desktop's log. Where there is no screen the tray itself says so. */
async function sayWhatIsLess(): Promise<void> {
  const findings = process.platform === 'linux' ? await checkDesktop(process.env) : [];
  for (const { grade, words } of findings) {
    if (grade === 'less') process.stderr.write(`Please note: ${words}\n`);
  }
}

async function printCheck(): Promise<void> {
  const findings = await checkDesktop(process.env);
  const marks = { good: 'good   ', less: 'less   ', missing: 'MISSING' } as const;
  for (const { grade, words } of findings) process.stdout.write(`${marks[grade]}  ${words}\n`);
  if (findings.some(({ grade }) => grade === 'missing')) process.exitCode = EXIT.failure;
}
