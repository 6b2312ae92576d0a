// The one entrance to the dashboard from outside. Loads nothing of it before it is asked to.

import type { DashboardPorts } from './ports.ts';

/**
 * Resolves when the technician has left; the terminal is then as it was before.
 *
 * @throws NoDashboardError when this terminal cannot show it
 */
export async function openDashboard(ports: DashboardPorts): Promise<void> {
  const { runDashboard } = await withFastReact(() => import('./run.tsx'));
  await runDashboard(ports);
}

/** React decides while it is loaded whether it checks everything twice, which makes each frame several times slower. */
async function withFastReact<T>(load: () => Promise<T>): Promise<T> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = before ?? 'production';
  try {
    return await load();
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
  }
}
