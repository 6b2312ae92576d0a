// The newest issue of each revocation list that this machine has seen: an older one is refused, also after a restart.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { ChaperoneError } from '../../protocol/errors.ts';
import type { RevocationList } from '../../protocol/identity/revoked.ts';

const Decimal = z.string().regex(/^\d{1,20}$/);
const Book = z.strictObject({
  v: z.literal(1),
  lists: z.record(z.string().max(4096), z.strictObject({ sequence: Decimal, issued: Decimal })),
});

type Issue = Pick<RevocationList, 'sequence' | 'issued'>;

export class SequenceBook {
  readonly #file: string;
  readonly #lists = new Map<string, Issue>();

  /** @throws ChaperoneError when `file` is there and damaged: without it an old list could come back */
  constructor(file: string) {
    this.#file = file;
    if (!existsSync(file)) return;
    try {
      const { lists } = Book.parse(JSON.parse(readFileSync(file, 'utf8')));
      for (const [list, { sequence, issued }] of Object.entries(lists)) {
        this.#lists.set(list, { sequence: BigInt(sequence), issued: BigInt(issued) });
      }
    } catch (cause) {
      const hint = 'restore it, or delete it: then the lists that are there now count as the newest';
      throw new ChaperoneError(`${file} is damaged`, { cause, hint });
    }
  }

  /** Why `issue` is an old one, in words; null when it is not. */
  older(list: string, issue: Issue): string | null {
    const newest = this.#lists.get(list);
    if (newest === undefined) return null;
    if (issue.sequence < newest.sequence) {
      return `it is an old list: its sequence is ${issue.sequence}, and ${newest.sequence} was here already`;
    }
    return issue.sequence === newest.sequence && issue.issued < newest.issued
      ? `it is an old list: one with the same sequence, issued later, was here already`
      : null;
  }

  /** Remembers `issue`, which is not older than what was there. */
  keep(list: string, { sequence, issued }: Issue): void {
    const newest = this.#lists.get(list);
    if (newest?.sequence === sequence && newest.issued === issued) return;
    this.#lists.set(list, { sequence, issued });
    const lists = Object.fromEntries(
      [...this.#lists].map(([name, entry]) => [name, { sequence: `${entry.sequence}`, issued: `${entry.issued}` }]),
    );
    const temporary = `${this.#file}.new`;
    writeFileSync(temporary, JSON.stringify({ v: 1, lists }), { mode: 0o600, flush: true });
    renameSync(temporary, this.#file);
  }
}
