// Follows a path one name at a time, so that each link on the way can be looked at: realpath tells only where it ends.

import { lstat, readlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, sep } from 'node:path';

const LINKS_MAX = 40; // as many as Linux follows (path_resolution(7))
const SEPARATOR = sep === '\\' ? /[\\/]/ : /\//;

export interface Followed {
  /** The path without any link. */
  readonly real: string;
  /** Every link that was met, each named by a path whose directories are none. */
  readonly links: readonly string[];
}

/** Null when there are too many links, as in a circle. @throws as lstat does */
export async function followLinks(path: string): Promise<Followed | null> {
  const links: string[] = [];
  const absolute = isAbsolute(path) ? path : `${process.cwd()}${sep}${path}`; // unlike resolve(), keeps `..` behind a link
  let real = parse(absolute).root;
  const ahead = namesOf(absolute);
  for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
    if (name === '..') {
      real = dirname(real);
      continue;
    }
    const next = join(real, name);
    if (!(await lstat(next)).isSymbolicLink()) {
      real = next;
      continue;
    }
    links.push(next);
    if (links.length > LINKS_MAX) return null;
    const target = await readlink(next);
    if (isAbsolute(target)) real = parse(target).root;
    ahead.unshift(...namesOf(target));
  }
  return { real, links };
}

function namesOf(path: string): string[] {
  return path
    .slice(parse(path).root.length)
    .split(SEPARATOR)
    .filter((name) => name !== '' && name !== '.');
}
