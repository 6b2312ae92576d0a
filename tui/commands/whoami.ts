// `chaperone whoami`: the key that proves who the technician is, and the lines with which a machine lists it.

import { technicianHome } from '../../protocol/home.ts';
import { makeOwnKey } from '../connection/own-key.ts';
import { type TechnicianKey, technicianKeys } from '../connection/technician-keys.ts';
import { OwnLog } from '../records/own-log.ts';
import { loadSettings } from '../settings/settings.ts';
import { type OutputOptions, print } from './output.ts';

export interface WhoamiOptions extends OutputOptions {
  readonly identity?: string;
}

/** Makes a key when there is none, so that the answer can always be given to an administrator. */
export async function whoami(options: WhoamiOptions): Promise<void> {
  const settings = await loadSettings();
  const identity = options.identity ?? settings.identity;
  let keys = await list(identity);
  let made: string | null = null;
  if (keys.length === 0) {
    made = makeOwnKey();
    keys = await list(null);
  }
  const [first] = keys;
  if (first === undefined) {
    return;
  }
  const logKey = new OwnLog(technicianHome()).verifierKey;
  const shown = keys.map(({ name, fingerprint, publicLine, from }) => ({ name, fingerprint, publicLine, from }));
  print(options, { keys: shown, made, policy: policyLines(first), logKey }, [
    ...(made === null ? [] : [`A key was made for you: ${made}. It has no passphrase: keep the file to yourself.`, '']),
    ...shown.flatMap(({ name, fingerprint, from }, index) => [
      `${index === 0 ? 'You are known by' : 'Else by        '} ${fingerprint}  ${name}, from ${from}`,
    ]),
    '',
    'For the policy.yaml of a machine (name, phone and role as its person shall see them):',
    '',
    ...policyLines(first),
    '',
    `Your own record is signed by ${logKey}`,
  ]);
}

async function list(identity: string | null): Promise<TechnicianKey[]> {
  const keys: TechnicianKey[] = [];
  for await (const key of technicianKeys({ identity, askPassphrase: null })) {
    keys.push(key);
  }
  return keys;
}

/** JSON strings are YAML strings: whatever a comment holds, it stays one value. */
function policyLines({ name, publicLine }: TechnicianKey): string[] {
  return [
    'technicians:',
    `  - name: ${JSON.stringify(name)}`,
    '    phone: "+1 555 0100"',
    '    role: technician',
    `    key: ${JSON.stringify(publicLine)}`,
  ];
}
