// What package managers print, in their own words.

import { describe, expect, it } from 'vitest';
import { scriptedProbe } from '../testing/scripted-probe.ts';
import { PACKAGE_MANAGERS, parseApt, parseDnf, parsePacman, parseZypper } from './package-managers.ts';

describe('waiting updates', () => {
  it('of apt, with those for security', () => {
    const text = `NOTE: This is only a simulation!
Inst bash [5.2.15-2+b8] (5.2.15-2+b13 Debian:12.14/oldstable [amd64])
Inst libssl3 [3.0.19-1] (3.0.22-1 Debian-Security:12/oldstable-security [amd64]) [openssl:amd64 ]
Inst linux-image-new (6.1.1-1 Debian:12/stable [amd64])
Conf bash (5.2.15-2+b13 Debian:12.14/oldstable [amd64])
`;
    expect(parseApt(text)).toEqual([
      { name: 'bash', installed: '5.2.15-2+b8', offered: '5.2.15-2+b13', security: false },
      { name: 'libssl3', installed: '3.0.19-1', offered: '3.0.22-1', security: true },
      { name: 'linux-image-new', installed: null, offered: '6.1.1-1', security: false },
    ]);
  });

  it('of dnf, without what is only obsoleted', () => {
    const text = '\nbash.x86_64      5.2.26-3.fc40      updates\nObsoleting Packages\nold.noarch   1   updates\n';
    expect(parseDnf(text)).toEqual([{ name: 'bash', installed: null, offered: '5.2.26-3.fc40', security: false }]);
  });

  it('of zypper and pacman', () => {
    const table =
      'S | Repository | Name | Current Version | Available Version | Arch\n--+---\nv | Main | bash | 5.1 | 5.2 | x86_64\n';
    expect(parseZypper(table)).toMatchObject([{ name: 'bash', installed: '5.1', offered: '5.2' }]);
    expect(parsePacman('bash 5.1-1 -> 5.2-1\n')).toMatchObject([
      { name: 'bash', installed: '5.1-1', offered: '5.2-1' },
    ]);
  });

  it('are asked for without network and without a change', async () => {
    for (const manager of PACKAGE_MANAGERS) {
      const probe = scriptedProbe({ program: () => ({}) });
      expect(await manager.pending(probe)).toEqual([]);
      const [argv = []] = probe.ran;
      expect(argv.join(' ')).toMatch(/--simulate|--cacheonly|--no-refresh|^pacman -Qu$/);
    }
  });

  it('are not known when the manager fails: the reason is given', async () => {
    const [apt] = PACKAGE_MANAGERS;
    const probe = scriptedProbe({ program: () => ({ code: 100, err: '\nE: dpkg was interrupted\n' }) });
    await expect(apt?.pending(probe)).rejects.toThrow('updates cannot be listed: apt says "E: dpkg was interrupted"');
  });
});
