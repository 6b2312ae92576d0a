// The permissions that a technician names, on a command line or once for all.

import { UsageError } from '../../protocol/errors.ts';
import { nearest } from '../../protocol/nearest-word.ts';
import { SCOPES } from '../../protocol/scope-names.ts';

/** @throws UsageError with the word that was meant, or with all that there are */
export function checkScopes(scopes: readonly string[]): void {
  for (const scope of scopes) {
    if ((SCOPES as readonly string[]).includes(scope)) continue;
    const word = nearest(scope, SCOPES);
    const hint = word === undefined ? `permissions are: ${SCOPES.join(', ')}` : `did you mean "${word}"?`;
    throw new UsageError(`there is no permission ${JSON.stringify(scope)}`, hint);
  }
}
