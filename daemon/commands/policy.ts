// `chaperoned policy check | sample`.

import { resolve } from 'node:path';
import { EXIT, UsageError } from '../../protocol/errors.ts';
import { oneLine, PolicyRefused } from '../policy/errors.ts';
import { jsonSchemaText } from '../policy/json-schema.ts';
import { formatListenAddress } from '../policy/listen-address.ts';
import { defaultPolicyFile, type LoadedPolicy, loadPolicy } from '../policy/load.ts';
import { checkOrganisationPolicy } from '../policy/organisation-policy.ts';
import { effectiveScopes } from '../policy/policy.ts';
import { sampleText } from '../policy/sample.ts';
import { changingPorts, listedBesideCertificates, placeholdersIn } from '../policy/warnings.ts';
import { lengthInWords } from '../prompt/words.ts';
import { type OutputOptions, print } from './output.ts';
import { reportError } from './report-error.ts';

export interface CheckOptions extends OutputOptions {
  readonly organisation?: boolean;
}

/** Prints what the policy means, or throws with all that is wrong with it. */
export async function checkPolicy(file: string | undefined, options: CheckOptions): Promise<void> {
  try {
    if (options.organisation === true) {
      if (file === undefined) throw new UsageError('which file is not said', 'name the policy of the organisation');
      const { version } = await checkOrganisationPolicy(resolve(file));
      const words = `${file} is a sound policy of an organisation, version ${version}. It counts once it is signed.`;
      print(options, { file: resolve(file), ok: true, version, warnings: [], problems: [] }, [words]);
      return;
    }
    const loaded = await loadPolicy(file ?? defaultPolicyFile());
    const { sha256 } = loaded;
    const warnings = [
      ...loaded.warnings,
      ...placeholdersIn(loaded.policy),
      ...listedBesideCertificates(loaded.policy),
      ...changingPorts(loaded.policy),
    ];
    const { trouble } = loaded;
    const problems = trouble === null ? [] : [{ message: trouble.message, hint: trouble.hint ?? null }];
    const told = { file: loaded.file, ok: trouble === null, sha256, warnings, problems };
    print(options, told, describe({ ...loaded, warnings }));
    if (trouble !== null) {
      // Its own file is sound, and yet no session could start with it.
      process.exitCode = options.json === true ? EXIT.usage : reportError(trouble);
    }
  } catch (error) {
    if (!(error instanceof PolicyRefused) || options.json !== true) throw error;
    print(options, { file: error.file, ok: false, sha256: null, warnings: [], problems: error.problems }, []);
    process.exitCode = EXIT.usage;
  }
}

function describe({ policy, file, warnings, trouble }: LoadedPolicy): string[] {
  const { machine, listen, technicians, consent } = policy;
  const lines = [
    // What matters most stands first: who reads one line reads the right one.
    trouble === null
      ? `${file} is a sound policy.`
      : `NO SESSION CAN START with ${file}, sound as it is by itself: ${oneLine(trouble)}`,
    `  ${machine.name}${machine.hipaa ? ', which handles patient data' : ''}, listens on ${listen.map(formatListenAddress).join(', ')}`,
    `  ${lengthInWords(consent.timeoutMs)} to answer, sessions of at most ${lengthInWords(consent.maxSessionMs)}`,
  ];
  for (const { name, role, key } of technicians) {
    const scopes = effectiveScopes(policy, role);
    lines.push(
      `  ${name} (${role}) may ask for: ${scopes.length === 0 ? 'nothing' : scopes.join(', ')}; ${key.fingerprint}`,
    );
  }
  return [...lines, ...warnings.map((warning) => `warning: ${warning}`)];
}

export function printSchema(options: { readonly organisation?: boolean }): void {
  process.stdout.write(jsonSchemaText(options.organisation === true ? 'organisation' : 'machine'));
}

export function printSample(): void {
  process.stdout.write(sampleText());
}
