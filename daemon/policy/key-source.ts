// Keys that a policy names: written into it, or in files that hold one public key per line (as `TrustedUserCAKeys` does).

import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { SshPublicKey } from '../../protocol/identity/public-key.ts';
import { PolicyUnusable } from './errors.ts';
import { PublicKeyLine } from './public-key.ts';
import { readTrustedText } from './trusted-file.ts';

const SOURCES_MAX = 16; // files and keys of one setting
const KEYS_MAX = 64; // in all files of one setting
const PATH_MAX = 1024; // characters
const UNSEEN = 'the path holds characters that cannot be seen';

/** Marks a list of which one element can stand alone, for the JSON Schema. */
export const ONE_OR_MORE = 'oneOrMore';

const KEY_LINE = /^\s*(ssh-|ecdsa-|sk-|-----BEGIN)/;

/** A file, as it is written in the policy: a full path, or one that begins at the policy's own directory. */
export const FilePath = z
  .string()
  .min(1, 'the path is missing')
  .max(PATH_MAX, `the path is too long (at most ${PATH_MAX} characters)`)
  .regex(/^[^\u0000-\u001f\u007f-\u009f]+$/, UNSEEN) // without \p: the JSON Schema has it, and few editors would know it
  .refine((path) => !/\p{Cf}/u.test(path), UNSEEN)
  .refine((path) => !path.startsWith('~'), { error: 'the path begins with ~', params: { hint: 'write it in full' } });

export type KeySource =
  | { readonly kind: 'key'; readonly key: SshPublicKey }
  | { readonly kind: 'file'; readonly path: string };

const Source = z.string().transform((text, context): KeySource => {
  const inline = KEY_LINE.test(text);
  const parsed = inline ? PublicKeyLine.safeParse(text) : FilePath.safeParse(text);
  if (!parsed.success) {
    for (const { message, ...issue } of parsed.error.issues) {
      context.addIssue({ code: 'custom', message, params: 'params' in issue ? issue.params : {} });
    }
    return z.NEVER;
  }
  return typeof parsed.data === 'string' ? { kind: 'file', path: parsed.data } : { kind: 'key', key: parsed.data };
});

/** One path or key, or a list of them. */
export const KeySources = z
  .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(Source).max(SOURCES_MAX))
  .readonly()
  .meta({ [ONE_OR_MORE]: true });

/** One path, or a list of them. */
export const FilePaths = z
  .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(FilePath).max(SOURCES_MAX))
  .readonly()
  .meta({ [ONE_OR_MORE]: true });

/** The files among `sources`, as they are written. */
export function keyFiles(sources: readonly KeySource[] = []): string[] {
  return sources.flatMap((source) => (source.kind === 'file' ? [source.path] : []));
}

/** `path` of the policy `file`, in full. */
export function besidePolicy(file: string, path: string): string {
  return resolve(dirname(file), path);
}

/**
 * All keys of `sources`, each once.
 *
 * @throws PolicyUnusable when a file is missing, could be changed by others, or holds anything else than public keys
 */
export async function readKeys(sources: readonly KeySource[], policyFile: string): Promise<SshPublicKey[]> {
  const keys = new Map<string, SshPublicKey>();
  for (const source of sources) {
    const found =
      source.kind === 'key' ? [source.key] : await readKeyFile(besidePolicy(policyFile, source.path), policyFile);
    for (const key of found) keys.set(key.fingerprint, key);
  }
  if (keys.size > KEYS_MAX) {
    throw new PolicyUnusable(`the policy names more than ${KEYS_MAX} keys for one purpose`, 'list only those in use');
  }
  return [...keys.values()];
}

async function readKeyFile(path: string, policyFile: string): Promise<SshPublicKey[]> {
  const { text } = await readTrustedText(path, {
    what: 'key file',
    whenMissing: `${policyFile} names it: put the public key there, or mend the path`,
  });
  const keys: SshPublicKey[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const parsed = PublicKeyLine.safeParse(line);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new PolicyUnusable(
        `${path}:${index + 1}: ${issue?.message ?? 'this is no public key'}`,
        'it must hold one public key per line, as a .pub file does',
      );
    }
    keys.push(parsed.data);
  }
  if (keys.length === 0) {
    throw new PolicyUnusable(`${path} holds no key`, 'it must hold one public key per line, as a .pub file does');
  }
  return keys;
}
