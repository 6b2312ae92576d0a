// A machine's request for a host certificate: a `.pub` file with remarks, which stock ssh-keygen takes as well.

import { formatConnectionId, isConnectionId } from './connection-id.ts';
import { ChaperoneError, EXIT } from './errors.ts';
import { formatPublicLine, parsePublicLine, type SshPublicKey } from './identity/public-key.ts';
import { sanitiseLine } from './terminal/sanitise.ts';

const REQUEST_MAX = 16 * 1024; // characters
const NAME_MAX = 64; // characters; as in the grant

export interface EnrolmentRequest {
  readonly key: SshPublicKey;
  /** Nine digits: what the certificate is for. */
  readonly connectionId: string;
  readonly name: string;
}

/** Text of the file. @param file how it will be called, for the commands in its remarks */
export function formatEnrolmentRequest(
  {
    key,
    connectionId,
    name,
  }: Pick<EnrolmentRequest, 'connectionId' | 'name'> & {
    readonly key: Pick<SshPublicKey, 'type' | 'blob' | 'fingerprint'>;
  },
  file: string,
): string {
  return [
    `# The machine ${name} (${formatConnectionId(connectionId)}) asks for a host certificate.`,
    `# Compare the fingerprint with what chaperoned status shows there: ${key.fingerprint}`,
    '# Sign it with one of:',
    `#   chaperone-hub ca sign --machine ${file}`,
    `#   ssh-keygen -s CA -h -I ${JSON.stringify(name)} -n ${connectionId} -V +52w ${file}`,
    formatPublicLine(key, `chaperone ${connectionId} ${name}`),
    '',
  ].join('\n');
}

/** @throws ChaperoneError */
export function parseEnrolmentRequest(text: string): EnrolmentRequest {
  const lines = text
    .slice(0, REQUEST_MAX)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [line = ''] = lines;
  const [, connectionId = '', name = ''] = /^\S+ \S+ chaperone (\d{9}) (.+)$/.exec(line.trim()) ?? [];
  if (lines.length !== 1 || !isConnectionId(connectionId)) {
    throw new ChaperoneError("this is not a machine's request", {
      exitCode: EXIT.usage,
      hint: 'chaperoned enrol writes one at the machine',
    });
  }
  return { key: parsePublicLine(line), connectionId, name: sanitiseLine(name, NAME_MAX) };
}
