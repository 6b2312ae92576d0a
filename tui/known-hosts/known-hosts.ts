// known_hosts as OpenSSH reads it: which keys a machine may have, which authorities may vouch for it, which keys are
// refused for good.

import { WireReader } from '../../protocol/identity/ssh-wire.ts';
import { isBrokenHash, matchesHost } from './host-names.ts';

const LINE_MAX = 64 * 1024; // characters; OpenSSH takes no longer ones either
const LINES_MAX = 100_000; // of all files together
const KEY_MAX = 16 * 1024; // bytes; RSA of 16,384 bits has about 2,100

export const KEY_TYPE = 'ssh-ed25519'; // the only kind of host key that a machine has (DESIGN.md §5)
const KEY_SIZE = 32; // bytes
const OTHER_TYPE = /^(ssh-(rsa|dss)|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9-]+@openssh\.com)$/;

export type Marker = 'cert-authority' | 'revoked';

export interface KnownHostsLine {
  readonly file: string;
  /** From 1. */
  readonly number: number;
  /** As it stands in the file. */
  readonly text: string;
  readonly marker: Marker | null;
  /** The field with the host names, as it stands there. */
  readonly names: string;
  readonly keyType: string;
  /** In SSH wire format; null when the line is damaged, so that it is about a host but names no key. */
  readonly key: Buffer | null;
  readonly comment: string;
}

/** Reads the text of one file. Empty lines and comments are left out; nothing throws. */
export function parseKnownHosts(text: string, file: string): KnownHostsLine[] {
  const lines: KnownHostsLine[] = [];
  for (const [index, line] of text.split('\n', LINES_MAX).entries()) {
    const parsed = parseLine(line.replace(/\r$/, ''));
    if (parsed !== null) {
      lines.push({ ...parsed, file, number: index + 1, text: line });
    }
  }
  return lines;
}

function parseLine(line: string): Omit<KnownHostsLine, 'file' | 'number' | 'text'> | null {
  const content = line.slice(0, LINE_MAX).replace(/^[ \t]+/, '');
  if (content === '' || content.startsWith('#')) {
    return null;
  }
  const [, mark, gap = '', rest = content] = /^@([^ \t]*)([ \t]+)(.*)$/.exec(content) ?? [];
  if (content.startsWith('@') && mark !== 'revoked' && !(mark === 'cert-authority' && gap.startsWith(' '))) {
    // A marker that is not known says nothing about any host. As for OpenSSH, a tab does not end one; but what could
    // be meant as "never trust this" is taken so.
    return null;
  }
  const [, names = '', keyType = '', encoded = '', comment = ''] =
    /^([^ \t]+)[ \t]+([^ \t]+)[ \t]+([^ \t]+)(?:[ \t]+(.*))?$/.exec(rest) ?? [/^[^ \t]*/.exec(rest)?.[0] ?? ''];
  const key = line.length > LINE_MAX ? null : readKey(keyType, encoded);
  return {
    marker: mark === 'revoked' || mark === 'cert-authority' ? mark : null,
    names: names || rest.split(/[ \t]/, 1).join(''),
    keyType,
    key,
    comment,
  };
}

function readKey(type: string, encoded: string): Buffer | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || (type !== KEY_TYPE && !OTHER_TYPE.test(type))) {
    return null;
  }
  const blob = Buffer.from(encoded, 'base64');
  try {
    const reader = new WireReader(blob);
    if (reader.text(KEY_MAX) !== type) {
      return null;
    }
    if (type === KEY_TYPE) {
      const whole = reader.string(KEY_MAX).length === KEY_SIZE;
      reader.end();
      return whole ? blob : null;
    }
    return blob;
  } catch {
    return null;
  }
}

/** What the lines say about a machine that goes by several names. */
export interface HostFindings {
  /** Lines with a key of a machine's kind, for any of the names. */
  readonly pins: readonly KnownHostsLine[];
  readonly authorities: readonly KnownHostsLine[];
  /** Keys that are refused for one of the names, also as the key of an authority. */
  readonly revoked: readonly KnownHostsLine[];
  /** About one of the names, and not readable: a lost pin must not look like none. */
  readonly damaged: readonly KnownHostsLine[];
}

export function findHost(lines: readonly KnownHostsLine[], names: readonly string[]): HostFindings {
  const about = lines.filter((line) => names.some((name) => matchesHost(line.names, name)));
  return {
    pins: about.filter(({ marker, key, keyType }) => marker === null && key !== null && keyType === KEY_TYPE),
    authorities: about.filter(({ marker, key }) => marker === 'cert-authority' && key !== null),
    revoked: about.filter(({ marker, key }) => marker === 'revoked' && key !== null),
    damaged: lines.filter((line) => isBrokenHash(line.names) || (line.key === null && about.includes(line))),
  };
}
