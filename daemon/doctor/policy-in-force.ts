// Which policy the doctor looks at: the one that the daemon runs with, wherever `chaperoned start --config` found it.

import { connectLocal } from '../local/client.ts';
import { DaemonNotRunning } from '../local/errors.ts';
import { localSocketPath } from '../local/socket-path.ts';

/** Full path; null when no daemon runs. */
export async function policyInForce(): Promise<string | null> {
  try {
    using client = await connectLocal(localSocketPath());
    return (await client.status()).policy.file;
  } catch (error) {
    if (error instanceof DaemonNotRunning) return null;
    throw error;
  }
}
