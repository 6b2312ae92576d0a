// `chaperoned policy explain`: each key, what it is, which layer made it so, and what the others asked for.

import { type Explained, explainPolicy } from '../policy/explain.ts';
import { defaultPolicyFile, type LoadedPolicy, loadPolicy } from '../policy/load.ts';
import { type OutputOptions, print } from './output.ts';

export async function explain(file: string | undefined, options: OutputOptions): Promise<void> {
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
  print(options, told, [...layersInWords(loaded), '', ...keys.flatMap(inWords)]);
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
