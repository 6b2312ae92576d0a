// All guards, in the order of the way of a connection. A new guard is a new row.

import { CERTIFICATE_GUARDS } from './certificates.ts';
import { CONSENT_GUARDS } from './consent.ts';
import { DESKTOP_GUARDS } from './desktop.ts';
import { EVIDENCE_GUARDS } from './evidence.ts';
import type { Guard } from './guard.ts';
import { IDENTITY_GUARDS } from './identity.ts';
import { LIVE_GUARDS } from './live.ts';
import { PAIRING_GUARDS } from './pairing.ts';
import { POLICY_GUARDS } from './policy.ts';
import { SESSION_GUARDS } from './session.ts';
import { SURFACE_GUARDS } from './surface.ts';
import { TOLD_GUARDS } from './told.ts';

export const GUARDS: readonly Guard[] = [
  ...POLICY_GUARDS,
  ...IDENTITY_GUARDS,
  ...PAIRING_GUARDS,
  ...CERTIFICATE_GUARDS,
  ...CONSENT_GUARDS,
  ...SURFACE_GUARDS,
  ...EVIDENCE_GUARDS,
  ...SESSION_GUARDS,
  ...DESKTOP_GUARDS,
  ...LIVE_GUARDS,
  ...TOLD_GUARDS,
];
