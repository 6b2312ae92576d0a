// `chaperoned policy explain`: each key, what it is, which layer made it so, and what the others asked for.

import { rolesOf } from '../../protocol/request.ts';
import { type Explained, explainPolicy } from '../policy/explain.ts';
import { type JudgedFile, judgeFile } from '../policy/judge-file.ts';
import { defaultPolicyFile, type LoadedPolicy, loadPolicy } from '../policy/load.ts';
import { OFFERED_SCOPES, whyRefused } from '../policy/policy.ts';
import { type OutputOptions, print } from './output.ts';

export interface ExplainOptions extends OutputOptions {
  /** Path of a certificate. */
  readonly technician?: string;
}

export async function explain(file: string | undefined, options: ExplainOptions): Promise<void> {
  const loaded = await loadPolicy(file ?? defaultPolicyFile());
  const keys = explainPolicy(loaded.layers);
  const { organisation, trouble, policy } = loaded;
  const told = {
    file: loaded.file,
    sha256: loaded.sha256,
    closed: policy.closed,
    organisation: organisation && {
      file: organisation.file,
      version: organisation.version,
      sha256: organisation.sha256,
      signedBy: organisation.signedBy,
    },
    trouble: trouble?.message ?? null,
    keys,
    warnings: loaded.warnings,
  };
  if (options.technician === undefined) {
    print(options, told, [...layersInWords(loaded), '', ...keys.flatMap(inWords)]);
    return;
  }
  const judged = await judgeFile(options.technician, policy);
  print(options, { ...told, technician: judged }, [
    ...layersInWords(loaded),
    '',
    ...technicianInWords(options.technician, judged, loaded),
    ...alsoListedInWords(judged),
  ]);
}

function technicianInWords(
  file: string,
  { technician, refused, scopes }: JudgedFile,
  { policy }: LoadedPolicy,
): string[] {
  if (technician === null) return [`${file} is refused: ${refused}`];
  const { name, phone, organisation, keyFingerprint, certificate } = technician;
  const roles = rolesOf(technician);
  const lines = [
    `${name}${certificate?.title ? `, ${certificate.title}` : ''}${organisation === null ? '' : ` (${organisation})`}`,
    `  phone     ${phone ?? 'none in the certificate'}`,
    `  known by  ${certificate === undefined ? 'the list in the policy' : `certificate ${certificate.serial} of ${certificate.ca}`}`,
    `  until     ${certificate === undefined ? 'they are taken off the list' : (certificate.validUntil ?? 'no end')}`,
    `  key       ${keyFingerprint}`,
    `  roles     ${roles.join(', ')}`,
  ];
  if (refused !== null) return [...lines, `  is refused: ${refused}`];
  return [
    ...lines,
    `  could get ${scopes.length === 0 ? 'nothing' : scopes.join(', ')}`,
    ...OFFERED_SCOPES.filter((scope) => !scopes.includes(scope)).map(
      (scope) => `  not ${scope}: ${whyRefused(policy, roles, scope)}`,
    ),
  ];
}

/** Who believes that the certificate is all would take back too little. */
function alsoListedInWords({ alsoListedAs }: JudgedFile): string[] {
  if (alsoListedAs === null) return [];
  return [
    `warning: technicians lists the same key as ${alsoListedAs}, who is let in without the certificate;`,
    '  take that line out, or have the key taken back as well (its fingerprint, not the number of the certificate)',
  ];
}

function layersInWords({ file, organisation, trouble, warnings }: LoadedPolicy): string[] {
  const lines = [`built-in      the hardened values of this version`, `machine       ${file}`];
  if (organisation !== null) {
    lines.push(
      `organisation  ${organisation.file}, version ${organisation.version}, signed by ${organisation.signedBy}`,
    );
  }
  if (trouble !== null) lines.push(`organisation  CANNOT BE USED: ${trouble.message}`);
  return [...lines, ...warnings.map((warning) => `warning: ${warning}`)];
}

const KEY_WIDTH = 27; // characters; the longest key has 25
const LAYER_WIDTH = 14;

/** The reason stands below where the layer alone does not tell it. */
function inWords({ key, value, layer, why, asked }: Explained): string[] {
  const line = `${key.padEnd(KEY_WIDTH)}${layer.padEnd(LAYER_WIDTH)}${value}`;
  return asked.organisation === null ? [line] : [line, `${' '.repeat(KEY_WIDTH)}${why}`];
}
