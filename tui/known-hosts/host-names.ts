// Which names a line of known_hosts is about (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): plain, with wildcards, hashed.

import { createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { HostAddress } from '../connection/address.ts';

const STANDARD_PORT = 22; // of SSH: names stand without it
const HASHED = /^\|1\|([A-Za-z0-9+/]{27}=)\|([A-Za-z0-9+/]{27}=)$/; // two times 20 bytes in base64
const SALT_SIZE = 20; // bytes, as OpenSSH: what SHA-1 gives
const PATTERN_MAX = 1023; // characters; as OpenSSH, a list with a longer one matches nothing

/** How known_hosts names an address: `[192.0.2.7]:2200`. */
export function hostName({ host, port }: HostAddress): string {
  const name = host.toLowerCase();
  return port === STANDARD_PORT ? name : `[${name}]:${port}`;
}

/** Whether the first field of a line (`names`) is about `host`, which is in lower case. */
export function matchesHost(names: string, host: string): boolean {
  if (names.startsWith('|')) {
    const [, salt = ''] = HASHED.exec(names) ?? [];
    return salt !== '' && hashed(host, Buffer.from(salt, 'base64')) === names;
  }
  let matched = false;
  for (const item of names.split(',')) {
    const negated = item.startsWith('!');
    const pattern = (negated ? item.slice(1) : item).toLowerCase();
    if (pattern.length > PATTERN_MAX) {
      return false;
    }
    if (matchesPattern(pattern, host)) {
      if (negated) {
        return false; // one "not this" outweighs every match
      }
      matched = true;
    }
  }
  return matched;
}

/** `host` so that the file does not tell it to whoever reads the file. */
export function hashHost(host: string): string {
  return hashed(host, randomBytes(SALT_SIZE));
}

/** Whether names begin as hashed ones and are none: they may be about any machine. */
export function isBrokenHash(names: string): boolean {
  return names.startsWith('|') && !HASHED.test(names);
}

/** Whether a name can be looked up and removed as it stands: neither hashed nor a pattern. */
export function isPlainName(name: string): boolean {
  return name !== '' && !/[|!*?]/.test(name);
}

/** Whether a name may stand in a line that we write. */
export function canBeWritten(name: string): boolean {
  const [, bracketed = name] = /^\[([^\]]*)\]:\d{1,5}$/.exec(name) ?? [];
  return isIPv6(bracketed) || /^[a-z0-9._-]{1,253}$/.test(bracketed);
}

function hashed(host: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(host).digest('base64')}`;
}

/** `*` is any run of characters, `?` is one. Linear in time: only the last star is ever tried again. */
function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let here = 0;
  let star = -1;
  let starHere = 0;
  while (here < text.length) {
    if (pattern[at] === '*') {
      star = at;
      starHere = here;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[here])) {
      at += 1;
      here += 1;
    } else if (star >= 0) {
      at = star + 1;
      starHere += 1;
      here = starHere;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') {
    at += 1;
  }
  return at === pattern.length;
}
