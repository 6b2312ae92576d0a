// Account names: from the file first, from the directory when it answers, as a number otherwise.

import { describe, expect, it } from 'vitest';
import { scriptedProbe } from '../testing/scripted-probe.ts';
import { parsePasswd, readAccounts } from './accounts.ts';

const files = { '/etc/passwd': 'root:x:0:0::/root:/bin/bash\ntoor:x:0:0::/root:/bin/sh\nbad line\n:x:9:\n' };

describe('accounts', () => {
  it('are named by the file, the first name of a number wins', () => {
    expect([...parsePasswd(files['/etc/passwd'])]).toEqual([[0, 'root']]);
  });

  it('are looked up in the directory only when the file does not know them', async () => {
    const probe = scriptedProbe({ files, program: () => ({ out: 'anna:*:70001:70001::/home/anna:/bin/bash\n' }) });
    const account = await readAccounts(probe, [0, 70001, 70002]);
    expect([account(0), account(70001), account(70002)]).toEqual(['root', 'anna', 'uid 70002']);
    expect(probe.ran).toEqual([['getent', 'passwd', '70001', '70002']]);
    const local = scriptedProbe({ files });
    expect((await readAccounts(local, [0]))(0)).toBe('root');
    expect(local.ran).toEqual([]);
  });
});
