// `chaperoned doctor`: what is well, what is not, and what to do about it.

import { existsSync } from 'node:fs';
import { EXIT } from '../../protocol/errors.ts';
import { machineHome } from '../../protocol/home.ts';
import { examineDesktop } from '../doctor/desktop.ts';
import type { FindingState } from '../doctor/finding.ts';
import { examineIdentity } from '../doctor/identity.ts';
import { policyInForce } from '../doctor/policy-in-force.ts';
import { examineRules } from '../doctor/rules.ts';
import { examineSurroundings } from '../doctor/surroundings.ts';
import { defaultPolicyFile } from '../policy/load.ts';
import { type OutputOptions, print } from './output.ts';

const MARKS: Readonly<Record<FindingState, string>> = { ok: 'ok    ', warn: 'warn  ', broken: 'BROKEN' };

export interface DoctorOptions extends OutputOptions {
  readonly config?: string;
}

/** Leaves with 1 when something is broken. Changes nothing. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const home = machineHome();
  const file = options.config ?? (await policyInForce()) ?? defaultPolicyFile();
  const rules = await examineRules(file, home);
  const policy = rules.loaded?.policy ?? null;
  const findings = [
    ...(existsSync(home) ? examineIdentity(home, policy, new Date()) : []),
    ...rules.findings,
    ...(await examineSurroundings(home, policy)),
    ...(await examineDesktop(process.env)),
  ];
  const count = (state: FindingState) => findings.filter((finding) => finding.state === state).length;
  print(options, { findings, broken: count('broken'), warnings: count('warn') }, [
    ...findings.flatMap(({ what, state, words, todo }) => [
      `${MARKS[state]}  ${what.padEnd(12)} ${words}`,
      ...(todo === null ? [] : [`${' '.repeat(21)}${todo}`]),
    ]),
    '',
    count('broken') === 0
      ? `Nothing is broken; ${count('warn')} to look at.`
      : `${count('broken')} broken, ${count('warn')} to look at.`,
  ]);
  if (count('broken') > 0) {
    process.exitCode = EXIT.failure;
  }
}
