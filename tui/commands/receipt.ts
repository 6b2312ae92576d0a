// `chaperone receipt`: what a machine says about a session, and whether its signature holds.

import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import { technicianHome } from '../../protocol/home.ts';
import { receiptOf } from '../records/records-port.ts';
import { SessionStore } from '../records/sessions.ts';
import { type OutputOptions, print } from './output.ts';
import { sectionLines } from './table.ts';

export function receipt(session: string, options: OutputOptions): void {
  const store = new SessionStore(technicianHome());
  const { grant, machineKey } = store.resolve(session);
  const view = receiptOf(store, grant.session);
  if (view === null) {
    throw new ChaperoneError('there is no receipt of this session', {
      hint: 'it comes at the end, unless the connection breaks first; the machine keeps its own copy',
    });
  }
  const { verified, sections } = view;
  if (verified !== true) {
    process.exitCode = EXIT.verification;
  }
  const head =
    verified === true
      ? [`The receipt is signed by ${grant.machine.name} (${machineKey.split('+')[0]}).`, '']
      : [`THE RECEIPT DOES NOT VERIFY: ${verified.problem}`, `It was said to come from ${grant.machine.name}.`];
  print(options, { session: grant.session, verified, sections }, [...head, ...sectionLines(sections)]);
}
