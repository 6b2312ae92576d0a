// The reboot lease (DESIGN.md §6): what lets one technician come back once, after one restart, within fifteen minutes,
// without being asked about again. It is the only such thing, so it is narrow, visible, and dies of almost everything.

import { z } from 'zod';
import { Scope } from '../../protocol/scopes.ts';

export const LEASE_MS = 15 * 60_000;

/** Kept on disk as a signed note: a file that was changed is no lease. */
export const Lease = z.strictObject({
  v: z.literal(1),
  id: z.uuid(),
  /** The session in which the person gave it. */
  session: z.uuid(),
  technician: z.strictObject({ name: z.string().max(80), keyFingerprint: z.string().max(100) }),
  /** SHA-256 of the secret that the technician's program holds, hex. */
  secret: z.string().regex(/^[0-9a-f]{64}$/),
  /** What was held, without `reboot` itself: a lease gives no other lease. */
  scopes: z.array(Scope).min(1).max(16),
  expiresAt: z.iso.datetime(),
  /** The session that it gives ends when the first one would have. */
  sessionUntil: z.iso.datetime(),
  /** The boot in which it was made. */
  boot: z.string().max(64),
  /** The first boot after that, the only one in which it counts; null until then. */
  returnBoot: z.string().max(64).nullable(),
});
export type Lease = z.infer<typeof Lease>;

/** The machine as a lease looks at it. */
export interface BootClock {
  /** Differs after each start of the operating system; null where nothing tells. */
  readonly boot: string | null;
  readonly now: () => number;
  /** Since this boot, in ms: it does not follow a wall clock that is set back. */
  readonly upMs: () => number;
}

/** The lease as it stands when the daemon starts, or why it is over. */
export function afterStart(lease: Lease, clock: BootClock): Lease | string {
  if (clock.boot === null) return 'nothing tells whether the machine was restarted';
  if (clock.now() >= Date.parse(lease.expiresAt)) return 'its time is over';
  if (clock.boot === lease.boot) return lease; // only the daemon was started again
  if (lease.returnBoot === null) return { ...lease, returnBoot: clock.boot };
  return lease.returnBoot === clock.boot ? lease : 'the machine was restarted more than once';
}

/** Why it lets nobody in now, or null when it does. */
export function whyNotNow(lease: Lease, keyFingerprint: string, clock: BootClock): string | null {
  if (lease.technician.keyFingerprint !== keyFingerprint) return 'it belongs to another technician';
  if (clock.now() >= Date.parse(lease.expiresAt)) return 'its time is over';
  if (clock.now() >= Date.parse(lease.sessionUntil)) return 'the time of the session is over';
  if (lease.returnBoot === null || clock.boot !== lease.returnBoot) return 'the machine was not restarted since';
  return clock.upMs() > LEASE_MS ? 'the machine was restarted too long ago' : null;
}
