// `chaperone receipt`: what a machine says about a session, and whether its signature holds. Anyone who was given the file
// and knows the machine's key can check it, without having been there.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { ChaperoneError, EXIT, UsageError } from '../../protocol/errors.ts';
import { technicianHome } from '../../protocol/home.ts';
import type { ReceiptView } from '../dashboard/ports.ts';
import { MachineBook } from '../records/machines.ts';
import { receiptView } from '../records/receipt-view.ts';
import { receiptOf } from '../records/records-port.ts';
import { SessionStore } from '../records/sessions.ts';
import { type OutputOptions, print } from './output.ts';
import { sectionLines } from './table.ts';

const FILE_MAX = 1024 * 1024; // bytes; a receipt of the longest session takes a tenth
const SIGNED_BY = /^\u2014 (\S+) \S+$/m; // C2SP signed-note

export interface ReceiptOptions extends OutputOptions {
  readonly key?: string;
}

/** @param wanted a session known here, or a file */
export function receipt(wanted: string, options: ReceiptOptions): void {
  if (existsSync(wanted)) {
    receiptInFile(wanted, options);
    return;
  }
  const store = new SessionStore(technicianHome());
  const { grant, machineKey } = store.resolve(wanted);
  const view = receiptOf(store, grant.session);
  if (view === null) {
    throw new ChaperoneError('there is no receipt of this session', {
      hint: 'it comes at the end, unless the connection breaks first; the machine keeps its own copy',
    });
  }
  show(view, { session: grant.session }, `${grant.machine.name} (${machineKey.split('+')[0]})`, options);
}

function receiptInFile(file: string, options: ReceiptOptions): void {
  const found = statSync(file);
  if (!found.isFile() || found.size > FILE_MAX) {
    throw new UsageError(`${file} is no receipt`, 'name the file receipt.note, or the session');
  }
  const note = readFileSync(file, 'utf8');
  const key = options.key ?? new MachineBook(technicianHome()).keyNamed(SIGNED_BY.exec(note)?.[1] ?? null);
  if (key === null) {
    throw new UsageError(
      'the key of the machine that made this receipt is not known here',
      'give it with --key; `chaperoned status` on the machine prints it',
    );
  }
  show(receiptView(note, key, null), { file }, key.split('+')[0] ?? '', options);
}

function show({ verified, sections }: ReceiptView, about: object, signer: string, options: OutputOptions): void {
  if (verified !== true) {
    process.exitCode = EXIT.verification;
  }
  const head =
    verified === true
      ? [`The receipt is signed by ${signer}.`, '']
      : [`THE RECEIPT DOES NOT VERIFY: ${verified.problem}`, `It was said to come from ${signer}.`];
  print(options, { ...about, verified, sections }, [...head, ...sectionLines(sections)]);
}
