// From a policy file to its settings by key: what the file itself says, before any file that it names is read.

import type { MachinePolicyFile } from './schema.ts';
import type { WrittenSettings } from './settings.ts';

/** Everything but what stands in files of its own (keys). */
export function writtenSettings(file: MachinePolicyFile): WrittenSettings {
  const { machine, organisation, consent, shell, diagnostics, record, files, screen } = file;
  return {
    'machine.name': machine?.name,
    'machine.hipaa': machine?.hipaa,
    listen: file.listen,
    technicians: file.technicians,
    'organisation.name': organisation?.name,
    'organisation.revocations': organisation?.revocations,
    scopes: file.scopes,
    'consent.timeout': consent?.timeout,
    'consent.maxSession': consent?.maxSession,
    'consent.pauseWhenAway': consent?.pauseWhenAway,
    'consent.allowPlainCode': consent?.allowPlainCode,
    'shell.program': shell?.program,
    'shell.sandbox': shell?.sandbox,
    'shell.network': shell?.network,
    'diagnostics.refuse': diagnostics?.refuse,
    'record.input': record?.input,
    'record.maxSize': record?.maxSize,
    'files.push': files?.push,
    'files.pull': files?.pull,
    'screen.module': screen?.module,
  };
}
