// Where changes of the policy are written: the audit log, and the daemon's own log lines for the administrator.

import type { Logger } from 'pino';
import type { MachineLog } from '../audit/machine-log.ts';
import type { PolicyRecord } from './store.ts';

export function recordPolicyIn(log: MachineLog, logger: Logger): PolicyRecord {
  return {
    loaded: async ({ file, sha256, policy, organisation }) => {
      logger.info({ file, sha256, organisation: organisation?.version }, 'a policy takes effect');
      await log.append('policy.loaded', {
        file,
        sha256,
        cas: policy.organisation.cas.map((key) => key.fingerprint),
        organisation: organisation && {
          file: organisation.file,
          version: organisation.version,
          sha256: organisation.sha256,
          signedBy: organisation.signedBy,
        },
      });
    },
    refused: async (file, problem) => {
      logger.warn({ file, problem }, 'a policy was refused; what was in force before stays');
      await log.append('policy.refused', { file, problem });
    },
  };
}
