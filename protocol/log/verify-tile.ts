// Two accounts of the same 256 hashes, one computed from below and one stored in a tile: which of them is right?
import { rootOf } from './compact-range.ts';
import { sameBytes } from './hashing.ts';

/** The hashes of one tile, seen from both sides. */
export interface TwoAccounts {
  /** From the entries or tiles below; null where those are lost. */
  readonly computed: readonly (Uint8Array | null)[];
  /** From the tile file; null when it is lost. */
  readonly stored: readonly Uint8Array[] | null;
}

/** Positions at which both accounts speak and disagree. */
export function disputes({ computed, stored }: TwoAccounts): number[] {
  if (stored === null) return [];
  return computed.flatMap((hash, i) => (hash === null || sameBytes(hash, stored[i] as Uint8Array) ? [] : [i]));
}

/** The computed account, with what is lost below taken from the tile; null when it is lost there too. */
export function computedAccount({ computed, stored }: TwoAccounts): Uint8Array[] | null {
  const hashes = computed.map((hash, i) => hash ?? stored?.[i]);
  return hashes.every((hash) => hash !== undefined) ? hashes : null;
}

export interface Judgement {
  /** Root of the tile as far as it can be believed; null when nothing is known. */
  readonly root: Uint8Array | null;
  /** Who was changed, where the accounts disagree. */
  readonly wrong: 'none' | 'stored' | 'computed' | 'unknown';
}

/**
 * Judge a full tile.
 * @param claim what the tile above says that the root of this one is; null when that is lost
 */
export function judge(accounts: TwoAccounts, claim: Uint8Array | null): Judgement {
  const account = computedAccount(accounts);
  const root = account === null ? null : rootOf(account);
  if (disputes(accounts).length === 0) return { root: root ?? claim, wrong: 'none' };
  if (claim !== null && root !== null && sameBytes(root, claim)) return { root, wrong: 'stored' };
  if (claim !== null && sameBytes(rootOf(accounts.stored ?? []), claim)) return { root: claim, wrong: 'computed' };
  return { root, wrong: 'unknown' };
}
