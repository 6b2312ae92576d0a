// What makes a machine itself: its connection ID, its SSH host key, and the key that signs log, grants and receipts.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { z } from 'zod';
import { isConnectionId, newConnectionId } from '../../protocol/connection-id.ts';
import { ChaperoneError } from '../../protocol/errors.ts';
import { privateDirectory } from '../../protocol/home.ts';
import { fingerprintOf } from '../../protocol/identity/public-key.ts';
import { generateSignerKey, type NoteSigner, parseSignerKey } from '../../protocol/log/note-keys.ts';
import { newSshKey } from '../../protocol/ssh-keygen.ts';

const KEY_MODE = 0o600;

export interface MachineKeys {
  readonly connectionId: string;
  /** OpenSSH private key text, for ssh2. */
  readonly hostKey: string;
  /** `SHA256:…` */
  readonly hostKeyFingerprint: string;
  readonly signer: NoteSigner;
  /** Origin of the machine's log: the name in its checkpoints. */
  readonly origin: string;
}

const Identity = z.strictObject({ v: z.literal(1), connectionId: z.string().refine(isConnectionId) });

/** Loads the keys below `home`, or makes them on the first start. Keys never leave this directory. */
export function machineKeys(home: string): MachineKeys {
  const directory = privateDirectory(join(home, 'identity'));
  const identity = readOrMake(join(directory, 'machine.json'), () =>
    JSON.stringify({ v: 1, connectionId: newConnectionId() }),
  );
  const { connectionId } = parseIdentity(identity, directory);
  const origin = `chaperone/machine/${connectionId}`;
  const hostKey = readOrMake(
    join(directory, 'ssh_host_ed25519_key'),
    () => newSshKey(`chaperone ${connectionId}`).privateKey,
  );
  const signer = parseSignerKey(readOrMake(join(directory, 'log.key'), () => generateSignerKey(origin).signerKey));
  return { connectionId, hostKey, hostKeyFingerprint: fingerprintOf(publicBlob(hostKey)), signer, origin };
}

function publicBlob(privateKey: string): Buffer {
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) {
    throw new ChaperoneError('the host key cannot be read', { cause: parsed });
  }
  return parsed.getPublicSSH();
}

function parseIdentity(text: string, directory: string): z.infer<typeof Identity> {
  try {
    return Identity.parse(JSON.parse(text));
  } catch (cause) {
    throw new ChaperoneError(`machine.json in ${directory} is damaged`, {
      cause,
      hint: 'restore it from a backup; a machine that loses its ID has to be introduced again',
    });
  }
}

/** Reads `file`, or writes it whole (never half) with what `make` returns. */
function readOrMake(file: string, make: () => string): string {
  if (existsSync(file)) {
    return readFileSync(file, 'utf8');
  }
  const text = make();
  const temporary = `${file}.new`;
  writeFileSync(temporary, text, { mode: KEY_MODE, flush: true });
  renameSync(temporary, file);
  return text;
}
