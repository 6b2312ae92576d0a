// What the form of the dashboard knows of this technician before it calls anyone.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MachineBook } from '../records/machines.ts';
import { dashboardPorts } from './dashboard-ports.ts';

const NOW = new Date().toISOString();
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chaperone-form-'));
  vi.stubEnv('CHAPERONE_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const form = () => dashboardPorts({ identity: null, certificate: null, scopes: ['shell', 'files.pull'] }).connect;

it('has what the settings ask for, as far as there is a screen for it', () => {
  expect(form().usual).toEqual(['shell']);
});

it('asks for the address of a machine that was never met, and takes its number from then on', () => {
  expect(form().checkAddress('482 913 077')).toContain('the first time type its address');
  expect(form().checkAddress('482913077@192.0.2.7')).toBeNull();
  new MachineBook(join(home, 'technician')).save({
    v: 1,
    fingerprint: `SHA256:${'A'.repeat(43)}`,
    machineKey: null,
    connectionId: '482913077',
    name: 'front-desk-2',
    addresses: ['192.0.2.7:2200'],
    firstSeen: NOW,
    lastSession: null,
    sessions: 0,
  });
  expect(form().checkAddress('482 913 077')).toBeNull();
});
