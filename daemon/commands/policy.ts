// `chaperoned policy check | sample`.

import { EXIT } from '../../protocol/errors.ts';
import { PolicyRefused } from '../policy/errors.ts';
import { jsonSchemaText } from '../policy/json-schema.ts';
import { formatListenAddress } from '../policy/listen-address.ts';
import { defaultPolicyFile, type LoadedPolicy, loadPolicy } from '../policy/load.ts';
import { effectiveScopes } from '../policy/policy.ts';
import { sampleText } from '../policy/sample.ts';
import { placeholdersIn } from '../policy/warnings.ts';
import { lengthInWords } from '../prompt/words.ts';
import { type OutputOptions, print } from './output.ts';

/** Prints what the policy means, or throws with all that is wrong with it. */
export async function checkPolicy(file: string | undefined, options: OutputOptions): Promise<void> {
  try {
    const loaded = await loadPolicy(file ?? defaultPolicyFile());
    const { sha256 } = loaded;
    const warnings = [...loaded.warnings, ...placeholdersIn(loaded.policy)];
    print(options, { file: loaded.file, ok: true, sha256, warnings, problems: [] }, describe({ ...loaded, warnings }));
  } catch (error) {
    if (!(error instanceof PolicyRefused) || options.json !== true) throw error;
    print(options, { file: error.file, ok: false, sha256: null, warnings: [], problems: error.problems }, []);
    process.exitCode = EXIT.usage;
  }
}

function describe({ policy, file, warnings }: LoadedPolicy): string[] {
  const { machine, listen, technicians, consent } = policy;
  const lines = [
    `${file} is a sound policy.`,
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
