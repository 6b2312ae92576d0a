// What every part of the dashboard may need: the keyboard, the screen, the way out; and the outside world.

import { createContext, useContext } from 'react';
import type { InputRouter } from '../terminal/input-router.ts';
import type { Stage } from '../terminal/stage.ts';
import type { KeyBus } from './key-bus.ts';
import type { DashboardPorts } from './ports.ts';

export interface Desk {
  readonly keys: KeyBus;
  readonly router: InputRouter;
  readonly stage: Stage;
  /** Ends what runs and leaves the dashboard. */
  readonly quit: () => void;
  readonly suspend: () => void;
  /** The session that must be ended should the program be told to go; null when there is none. */
  readonly holdSession: (end: (() => Promise<void>) | null) => void;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new TypeError('useDesk outside of the dashboard');
  return desk;
}

export const PortsContext = createContext<DashboardPorts | null>(null);

export function usePorts(): DashboardPorts {
  const ports = useContext(PortsContext);
  if (ports === null) throw new TypeError('usePorts outside of the dashboard');
  return ports;
}
