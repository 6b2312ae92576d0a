// The shape of settings.yaml.

import { z } from 'zod';
import { ScopeList } from '../../protocol/scopes.ts';

export const SettingsFile = z.strictObject({
  identity: z.string().min(1).max(4096).optional(),
  scopes: ScopeList.optional(),
});
