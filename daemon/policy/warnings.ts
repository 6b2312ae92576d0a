// Sentences about a policy that works, but perhaps not as meant.

import { accessSync, constants } from 'node:fs';
import { DIAGNOSTIC_NAMES } from '../../protocol/diagnostic-names.ts';
import { nearest } from '../../protocol/nearest-word.ts';
import { SHELL_SCOPES } from '../../protocol/scopes.ts';
import { globFits } from './glob.ts';
import { formatListenAddress } from './listen-address.ts';
import { OFFERED_SCOPES, type Policy, whyNotOffered } from './policy.ts';

const DEFAULT_PORT = 2200; // where technicians' programs try, unless told otherwise

/** What stands in the sample and in what `chaperone whoami` prints, to be replaced. */
const PLACEHOLDER_PHONE = /^[+\d\s().-]*555[\s.-]?01\d\d$/; // numbers kept for fiction, as in the sample
const PLACEHOLDER_NAME = /^(your name|name|dana roe|jane doe|john doe)$/i;

export function warningsFor(policy: Policy): string[] {
  const warnings: string[] = [];
  if (policy.closed !== null) warnings.push(`no session can start: ${policy.closed}`);
  if (policy.technicians.length === 0 && policy.organisation.cas.length === 0) {
    warnings.push('technicians: nobody is listed, so nobody can ask for a session');
  }
  for (const [role, scopes] of Object.entries(policy.scopes)) {
    const without = scopes.filter((scope) => !OFFERED_SCOPES.includes(scope));
    if (without.length > 0) warnings.push(`scopes.${role}: this version does not offer ${without.join(', ')}`);
  }
  const shells = Object.values(policy.scopes)
    .flat()
    .find((scope) => SHELL_SCOPES.includes(scope) && OFFERED_SCOPES.includes(scope));
  if (shells !== undefined && policy.closed === null && policy.shell.sandbox === 'strict') {
    warnings.push(`shell.sandbox: ${whyNotOffered(policy, shells)}; shells are refused (off allows them, marked)`);
  }
  const suggesting = Object.values(policy.scopes).some((scopes) => scopes.includes('shell.suggest'));
  if (suggesting && policy.closed === null && policy.shell.sandbox === 'strict') {
    warnings.push(
      'shell.sandbox: strict does not wall off suggested commands, which run once the person approves each (shell.suggest)',
    );
  }
  if (policy.machine.hipaa && policy.shell.sandbox === 'off') {
    warnings.push('shell.sandbox: off on a machine that handles patient data; prompts and receipts say so');
  }
  const ids = Object.keys(DIAGNOSTIC_NAMES);
  for (const glob of policy.diagnostics.refuse.filter((each) => !ids.some((id) => globFits(each, id)))) {
    const word = nearest(glob, ids);
    const hint = word === undefined ? '' : `; did you mean "${word}"?`;
    warnings.push(`diagnostics.refuse: no diagnostic is called "${glob}"${hint}`);
  }
  if (!isExecutable(policy.shell.program)) {
    warnings.push(`shell.program: ${policy.shell.program} cannot be run on this computer`);
  }
  return warnings;
}

/** What `policy check` adds: values that were copied and not replaced. */
export function placeholdersIn(policy: Policy): string[] {
  const warnings: string[] = [];
  for (const [index, { name, phone }] of policy.technicians.entries()) {
    if (PLACEHOLDER_NAME.test(name)) {
      warnings.push(`technicians[${index}].name: "${name}" looks like an example; the person at the computer reads it`);
    }
    if (isPlaceholderPhone(phone)) {
      warnings.push(`technicians[${index}].phone: "${phone}" looks like an example; the person may call it back`);
    }
  }
  return warnings;
}

/** What `policy check` adds where certificates can be taken back, by a number that says nothing of listed keys. */
export function listedBesideCertificates({ technicians, organisation }: Policy): string[] {
  if (technicians.length === 0 || organisation.revocations.length === 0) return [];
  return [
    'technicians: a listed key is let in without a certificate, also after its certificate was taken back by number; ' +
      'take back the fingerprint of the key, or its line here',
  ];
}

/** What `policy check` adds for a port that technicians cannot know. It stays allowed: a trial needs no fixed one. */
export function changingPorts({ listen }: Policy): string[] {
  return listen
    .map((address, index) => ({ address, index }))
    .filter(({ address }) => address.port === 0)
    .map(({ address, index }) => {
      const fixed = formatListenAddress({ ...address, port: DEFAULT_PORT });
      return `listen[${index}]: port 0 is another free port after each start, which technicians cannot know; write ${fixed}`;
    });
}

function isPlaceholderPhone(phone: string): boolean {
  const digits = phone.replace(/\D/g, '');
  return PLACEHOLDER_PHONE.test(phone) || digits.length < 3 || /^(\d)\1+$/.test(digits);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
