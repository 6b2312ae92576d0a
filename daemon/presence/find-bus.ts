// Loads what speaks D-Bus only where there is a bus: a machine without a desktop does without its memory.

import { existsSync } from 'node:fs';
import type { SignalBus } from './bus.ts';

const PATH = /^unix:(?:.*,)?path=([^,;]+)/;

/** Whether something may listen at a D-Bus address; told without loading anything. */
export function mayHaveBus(address: string): boolean {
  const path = PATH.exec(address)?.[1];
  return path !== undefined && existsSync(path);
}

/** The bus at a D-Bus address, or null when none is there. `onLost` is called once when it goes away. */
export async function busAt(address: string, onLost: () => void): Promise<SignalBus | null> {
  if (!mayHaveBus(address)) return null;
  const { SignalBus } = await import('./bus.ts');
  return await SignalBus.open(address, onLost);
}
