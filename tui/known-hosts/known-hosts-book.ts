// The technician's known_hosts: read together with those of the administrator, changed line by line. What is pinned
// here is the only truth about which key a machine has.

import { join } from 'node:path';
import { takeTurn } from '../../protocol/directory-turn.ts';
import { ChaperoneError, EXIT } from '../../protocol/errors.ts';
import { privateDirectory } from '../../protocol/home.ts';
import { formatPublicLine } from '../../protocol/identity/public-key.ts';
import { readPrivate, writePrivate } from '../records/private-file.ts';
import { canBeWritten, hashHost, isPlainName, matchesHost } from './host-names.ts';
import { findHost, type HostFindings, KEY_TYPE, type KnownHostsLine, parseKnownHosts } from './known-hosts.ts';

const FILE_MAX = 16 * 1024 * 1024; // characters; 100,000 machines
const OURS = 'chaperone'; // the comment of lines that this program wrote, and may write anew

export interface KnownHostsOptions {
  /** Further files, which are only read. */
  readonly alsoRead: readonly string[];
  /** Keys (`ssh-ed25519 AAAA…`) of authorities that may vouch for every machine. */
  readonly authorities: readonly string[];
  /** Names are written hashed. */
  readonly hashNames: boolean;
}

export interface Pin {
  /** What the machine is now known by; lower case, as {@link hostName} gives them. */
  readonly names: readonly string[];
  readonly key: Buffer;
}

export class KnownHostsBook {
  readonly file: string;
  readonly #home: string;
  readonly #options: KnownHostsOptions;

  constructor(home: string, options: KnownHostsOptions) {
    this.#home = home;
    this.file = join(home, 'known_hosts');
    this.#options = options;
  }

  /** @throws ChaperoneError when a file cannot be read: a lost pin must not look like none */
  lines(): readonly KnownHostsLine[] {
    const own = parseKnownHosts(readText(this.file) ?? '', this.file);
    const others = this.#options.alsoRead.flatMap((file) => {
      const text = readText(file);
      if (text === null) {
        throw new ChaperoneError(`there is no ${file}, which the settings name`, {
          exitCode: EXIT.usage,
          hint: 'correct the setting known-hosts: chaperone settings',
        });
      }
      return parseKnownHosts(text, file);
    });
    const authorities = this.#options.authorities.map((line) => `@cert-authority * ${line}`).join('\n');
    return [...own, ...others, ...parseKnownHosts(authorities, 'the settings')];
  }

  find(names: readonly string[]): HostFindings {
    return findHost(this.lines(), names);
  }

  /** Lines with this key as a machine's own, whatever names they have. */
  ofKey(key: Buffer): readonly KnownHostsLine[] {
    return this.lines().filter((line) => line.marker === null && line.key?.equals(key) === true);
  }

  /**
   * From now on `key` is the machine of these names. Lines of ours with the key are written anew; those of a person
   * stay. With `forget`, other keys lose these names.
   *
   * @throws ChaperoneError when another key has one of the names in a line that cannot be changed here
   */
  async pin({ names, key }: Pin, forget: boolean): Promise<void> {
    privateDirectory(this.#home);
    await using _ = await takeTurn(this.#home);
    const kept: string[] = [];
    for (const line of this.#ownLines()) {
      const text = typeof line === 'string' ? line : this.#keep(line, names, key, forget);
      if (text !== null) {
        kept.push(text);
      }
    }
    if (forget) {
      this.#refuseContradiction(names, key);
    }
    const covered = new Set(
      names.filter((name) => kept.some((text) => parseKnownHosts(text, '').some((line) => isPin(line, name, key)))),
    );
    const missing = names.filter((name) => !covered.has(name) && canBeWritten(name));
    const text = [...kept, ...this.#write(missing, key)].map((line) => `${line}\n`).join('');
    if (text !== (readText(this.file) ?? '')) {
      writePrivate(this.file, text);
    }
  }

  /** Every line as it stands; those about hosts as what they say. */
  #ownLines(): readonly (string | KnownHostsLine)[] {
    const text = readText(this.file) ?? '';
    const parsed = new Map(parseKnownHosts(text, this.file).map((line) => [line.number, line]));
    const all = text.split('\n');
    if (all.at(-1) === '') {
      all.pop();
    }
    return all.map((line, index) => parsed.get(index + 1) ?? line);
  }

  /** What becomes of a line: its text, changed or not, or null. */
  #keep(line: KnownHostsLine, names: readonly string[], key: Buffer, forget: boolean): string | null {
    if (line.marker !== null) {
      return line.text;
    }
    if (line.key?.equals(key) === true) {
      return line.comment === OURS ? null : line.text;
    }
    if (!forget || !names.some((name) => matchesHost(line.names, name))) {
      return line.text;
    }
    if (line.names.startsWith('|')) {
      return null;
    }
    const left = line.names.split(',').filter((name) => !(isPlainName(name) && names.includes(name.toLowerCase())));
    if (names.some((name) => matchesHost(left.join(','), name))) {
      throw new ChaperoneError(`line ${line.number} of ${line.file} gives another key to the machine by a pattern`, {
        exitCode: EXIT.verification,
        hint: 'change that line by hand, then try again',
      });
    }
    return left.length === 0 ? null : `${left.join(',')} ${line.text.trimStart().slice(line.names.length).trimStart()}`;
  }

  #refuseContradiction(names: readonly string[], key: Buffer): void {
    const other = this.find(names).pins.find((line) => line.file !== this.file && line.key?.equals(key) !== true);
    if (other !== undefined) {
      throw new ChaperoneError(`line ${other.number} of ${other.file} says that this machine has another key`, {
        exitCode: EXIT.verification,
        hint: 'whoever keeps that file has to change it first',
      });
    }
  }

  #write(names: readonly string[], key: Buffer): string[] {
    if (names.length === 0) {
      return [];
    }
    const line = (first: string): string => `${first} ${formatPublicLine({ type: KEY_TYPE, blob: key }, OURS)}`;
    return this.#options.hashNames ? names.map((name) => line(hashHost(name))) : [line(names.join(','))];
  }
}

function isPin(line: KnownHostsLine, name: string, key: Buffer): boolean {
  return line.marker === null && line.key?.equals(key) === true && matchesHost(line.names, name);
}

function readText(file: string): string | null {
  const text = readPrivate(file);
  if (text !== null && text.length > FILE_MAX) {
    throw new ChaperoneError(`${file} is too large (at most ${FILE_MAX} characters)`, {
      hint: 'is it the right file?',
    });
  }
  return text;
}
