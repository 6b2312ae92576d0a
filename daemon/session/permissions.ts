// What a session may do at this instant. It shrinks at once; it grows only after the log says so.

import type { Grant } from '../../protocol/grant.ts';
import { intersectScopes, orderScopes, type Scope } from '../../protocol/scopes.ts';

/** Permissions that are about to be given; a withdrawal takes them out of here too. */
export type PromisedScopes = ReadonlySet<Scope>;

export class Permissions {
  #grant: Grant;
  readonly #promised = new Set<Set<Scope>>();
  readonly #held = new Map<Scope, AbortController>();

  constructor(grant: Grant) {
    this.#grant = grant;
  }

  get grant(): Grant {
    return this.#grant;
  }

  /** Announces that `scopes` will be given once the log holds it. Always followed by {@link give} or {@link forget}. */
  promise(scopes: Iterable<Scope>): PromisedScopes {
    const promised = new Set(scopes);
    this.#promised.add(promised);
    return promised;
  }

  /** What is left of the promise is held from now on. */
  give(promised: PromisedScopes): Scope[] {
    const given = orderScopes(promised).filter((scope) => !this.#grant.scopes.includes(scope));
    if (!this.forget(promised)) {
      return [];
    }
    this.#grant = { ...this.#grant, scopes: orderScopes([...this.#grant.scopes, ...given]) };
    return given;
  }

  /** Nothing comes of the promise. False when it was forgotten before. */
  forget(promised: PromisedScopes): boolean {
    return this.#promised.delete(promised as Set<Scope>);
  }

  withdraw(scopes: Iterable<Scope>): Scope[] {
    const wanted = orderScopes(scopes);
    for (const promised of this.#promised) {
      for (const scope of wanted) {
        promised.delete(scope);
      }
    }
    const taken = intersectScopes(wanted, this.#grant.scopes);
    this.#grant = { ...this.#grant, scopes: this.#grant.scopes.filter((scope) => !taken.includes(scope)) };
    for (const scope of taken) {
      this.#held.get(scope)?.abort();
      this.#held.delete(scope);
    }
    return taken;
  }

  /** The grant ends at `expiresAt` instead. */
  endAt(expiresAt: Date): void {
    this.#grant = { ...this.#grant, expiresAt: expiresAt.toISOString() };
  }

  /** Aborted when `scope` is withdrawn; at once when it is not held. */
  whileHeld(scope: Scope): AbortSignal {
    if (!this.#grant.scopes.includes(scope)) {
      return AbortSignal.abort();
    }
    const known = this.#held.get(scope) ?? new AbortController();
    this.#held.set(scope, known);
    return known.signal;
  }
}
