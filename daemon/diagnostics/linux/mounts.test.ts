// A person's disks, out of the many things that Linux mounts.

import { describe, expect, it } from 'vitest';
import { parseMounts } from './mounts.ts';

const table = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 27 254:0 /srv /mnt/again rw - ext4 /dev/vda rw
31 27 8:17 / /media/USB\\040of\\040Bob ro,nosuid - vfat /dev/sdb1 ro
32 27 0:40 / /srv/share rw - nfs4 server:/share rw
33 27 0:41 / /home/a/remote rw - fuse.sshfs a@b: rw
34 27 0:42 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
35 27 0:43 / /snap/x/1 ro - squashfs /dev/loop0 ro
36 27 0:44 / /tmp rw - tmpfs tmpfs rw
37 27 0:45 / /auto rw - autofs systemd-1 rw
garbage
38 27 0:46
`;

describe('mounts', () => {
  it('are disks and network folders, each once, with their names whole', () => {
    expect(parseMounts(table).map(({ mount, remote, readOnly }) => [mount, remote, readOnly])).toEqual([
      ['/', false, false],
      ['/media/USB of Bob', false, true],
      ['/srv/share', true, false],
      ['/home/a/remote', true, false],
    ]);
  });
});
