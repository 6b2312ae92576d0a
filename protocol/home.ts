// Where each program keeps its state: everything below one directory that CHAPERONE_HOME moves.

import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ChaperoneError, UsageError } from './errors.ts';

const PRIVATE_DIRECTORY = 0o700; // keys and evidence of patients' machines: nobody else reads

/** `CHAPERONE_HOME`, else `$XDG_STATE_HOME/chaperone`, else `~/.local/state/chaperone`. */
export function chaperoneHome(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment.CHAPERONE_HOME;
  if (chosen !== undefined && chosen !== '') {
    if (!isAbsolute(chosen)) {
      throw new UsageError(
        `CHAPERONE_HOME is not an absolute path: ${JSON.stringify(chosen)}`,
        'set it to a full path',
      );
    }
    return chosen;
  }
  const state = environment.XDG_STATE_HOME;
  const base = state !== undefined && isAbsolute(state) ? state : join(homedir(), '.local', 'state');
  return join(base, 'chaperone');
}

/** State of `chaperoned` on this machine. */
export function machineHome(environment?: NodeJS.ProcessEnv): string {
  return join(chaperoneHome(environment), 'machine');
}

/** State of `chaperone`, the technician's side. */
export function technicianHome(environment?: NodeJS.ProcessEnv): string {
  return join(chaperoneHome(environment), 'technician');
}

/** State of `chaperone-hub`: the authority of an organisation. */
export function hubHome(environment?: NodeJS.ProcessEnv): string {
  return join(chaperoneHome(environment), 'hub');
}

/** Creates `path` (and parents) as 0700, or refuses one that others may read. */
export function privateDirectory(path: string): string {
  mkdirSync(path, { recursive: true, mode: PRIVATE_DIRECTORY });
  const found = statSync(path);
  if (process.getuid !== undefined && found.uid !== process.getuid()) {
    throw new ChaperoneError(`${path} belongs to another user`, { hint: 'choose another CHAPERONE_HOME' });
  }
  if ((found.mode & 0o077) !== 0) {
    if ((found.mode & 0o022) !== 0) {
      throw new ChaperoneError(`${path} can be changed by other users`, { hint: `chmod 700 ${path}` });
    }
    chmodSync(path, PRIVATE_DIRECTORY);
  }
  return path;
}
