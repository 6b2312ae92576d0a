// The trees that can stand on the terminal: the whole dashboard, or one replay.

import { App } from './app.tsx';
import { PortsContext, useDesk } from './desk.ts';
import { Everywhere } from './everywhere.tsx';
import { occupyTerminal } from './occupy-terminal.tsx';
import type { DashboardPorts, ReplayRequest } from './ports.ts';
import { ReplayScreen } from './screens/replay.tsx';

export async function runDashboard(ports: DashboardPorts): Promise<void> {
  await occupyTerminal(
    <PortsContext value={ports}>
      <App />
    </PortsContext>,
  );
}

export async function runReplay(request: ReplayRequest): Promise<void> {
  await occupyTerminal(<ReplayAlone {...request} />);
}

function ReplayAlone({ title, open }: ReplayRequest) {
  const { quit } = useDesk();
  return (
    <Everywhere mayQuit>{(size) => <ReplayScreen size={size} title={title} open={open} onClose={quit} />}</Everywhere>
  );
}
