// `chaperone whoami`: what proves who the technician is, where it is kept, until when it holds, and what to send to
// the administrator to get it.

import { technicianHome } from '../../protocol/home.ts';
import { type KeyChoice, type TechnicianKey, technicianKeys } from '../connection/technician-keys.ts';
import { OwnLog } from '../records/own-log.ts';
import { loadSettings } from '../settings/settings.ts';
import { badgeLines, badgeView } from './badge-view.ts';
import { makeKey } from './make-key.ts';
import { type OutputOptions, print } from './output.ts';
import { proofOf } from './request-options.ts';

export interface WhoamiOptions extends OutputOptions {
  readonly identity?: string;
  readonly certificate?: string;
  /** False keeps a new key in a file that is not locked. @default true */
  readonly passphrase?: boolean;
}

/** Makes a key when there is none, so that the answer can always be given to an administrator. */
export async function whoami(options: WhoamiOptions): Promise<void> {
  const choice = { ...proofOf(options, await loadSettings()), askPassphrase: null, look: true };
  let keys = await list(choice);
  let made: string | null = null;
  if (keys.length === 0) {
    made = await makeKey({ locked: options.passphrase !== false });
    keys = await list(choice);
  }
  const [first] = keys;
  if (first === undefined) {
    return;
  }
  const now = new Date();
  const logKey = new OwnLog(technicianHome()).verifierKey;
  const shown = keys.map(({ name, fingerprint, publicLine, place, file, certificate }) => ({
    name,
    fingerprint,
    publicLine,
    store: place,
    file,
    certificate: certificate === null ? null : badgeView(certificate, now),
  }));
  print(options, { keys: shown, made, request: first.publicLine, policy: policyLines(first), logKey }, [
    ...(made === null ? [] : [made, '']),
    ...keys.flatMap((key, index) => [
      `${index === 0 ? 'You are known by' : 'Else by         '} ${key.fingerprint}  ${key.name}, ${placeInWords(key)}`,
      ...(key.certificate === null ? [] : badgeLines(key.certificate, now).map((line) => `    ${line}`)),
    ]),
    '',
    ...(keys.some(({ certificate }) => certificate !== null) ? [] : [...requestLines(first), '']),
    'Without a certificate: for the policy.yaml of a machine (name, phone and role as its person shall see them):',
    '',
    ...policyLines(first),
    '',
    `Your own record is signed by ${logKey}`,
  ]);
}

async function list(choice: KeyChoice): Promise<TechnicianKey[]> {
  const keys: TechnicianKey[] = [];
  for await (const key of technicianKeys(choice)) {
    // A key that is offered with its certificate is offered alone as well, which is nothing new about the person.
    if (!keys.some(({ fingerprint }) => fingerprint === key.fingerprint)) {
      keys.push(key);
    }
  }
  return keys;
}

function placeInWords({ place, file }: TechnicianKey): string {
  switch (place) {
    case 'agent':
      return 'in ssh-agent';
    case 'keychain':
      return 'in the keychain of this computer';
    case 'file':
      return `in ${file}`;
  }
}

/** How to get a certificate: what to send, and what to do with the answer. */
function requestLines({ publicLine, file }: TechnicianKey): string[] {
  const answer = file === null ? 'a file that you name with --certificate' : `${file}-cert.pub`;
  return [
    'You have no certificate. Send this line to your administrator, who signs it with chaperone-hub ca sign:',
    '',
    publicLine,
    '',
    `Keep the answer as ${answer}.`,
  ];
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
