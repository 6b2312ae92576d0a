// The tree that stands on the terminal.

import { App } from './app.tsx';
import { PortsContext } from './desk.ts';
import { occupyTerminal } from './occupy-terminal.tsx';
import type { DashboardPorts } from './ports.ts';

export async function runDashboard(ports: DashboardPorts): Promise<void> {
  await occupyTerminal(
    <PortsContext value={ports}>
      <App />
    </PortsContext>,
  );
}
