// `chaperoned tray`: the person's desktop program, until the desktop, the daemon or the person ends it.

import { EXIT } from '../../protocol/errors.ts';
import { checkDesktop } from '../desktop/check-desktop.ts';
import { runTray } from '../desktop/tray-program.ts';
import { DaemonLost } from '../local/errors.ts';
import { withDaemon } from './daemon-client.ts';

export async function tray({ check = false }: { readonly check?: boolean }): Promise<void> {
  if (check) {
    await printCheck();
    return;
  }
  await sayWhatIsLess();
  const stopped = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stopped.abort());
  const why = await withDaemon((client) => runTray(client, process.env, stopped.signal));
  if (why === 'daemon lost') throw new DaemonLost();
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
