// Which file systems a person would call "disks": /proc/self/mountinfo without the kernel's own and without doubles.

/** One line of proc_pid_mountinfo(5). */
export interface Mount {
  /** `major:minor`; the same for every mount of one file system. */
  readonly device: string;
  readonly mount: string;
  readonly type: string;
  readonly source: string;
  readonly readOnly: boolean;
  /** A server must answer before anything about it is known, and it may never do so. */
  readonly remote: boolean;
}

const REMOTE = /^(nfs\d?|cifs|smb3|smbfs|afs|ceph|glusterfs|9p|davfs|sshfs|fuse\..+|ncpfs|lustre|autofs)$/;
// What holds no files of a person. Overlay is what containers and live systems have as "/".
const ON_DISK =
  /^(ext[234]|xfs|btrfs|zfs|f2fs|jfs|reiserfs|vfat|exfat|ntfs3?|fuseblk|hfsplus|apfs|udf|iso9660|overlay|bcachefs)$/;
const LOCAL_FUSE = /^fuse\.(gvfsd-fuse|portal|lxcfs|snapfuse|fuse-overlayfs)$/;

/** Disks and network folders in mount order, each file system once (its first mount). */
export function parseMounts(mountinfo: string): Mount[] {
  const seen = new Set<string>();
  const found: Mount[] = [];
  for (const line of mountinfo.split('\n')) {
    const mount = parseLine(line);
    if (mount === undefined) continue;
    const remote = REMOTE.test(mount.type) && !LOCAL_FUSE.test(mount.type) && mount.type !== 'autofs';
    if (!remote && !ON_DISK.test(mount.type)) continue;
    if (seen.has(mount.device)) continue;
    seen.add(mount.device);
    found.push({ ...mount, remote });
  }
  return found;
}

function parseLine(line: string): Omit<Mount, 'remote'> | undefined {
  const separator = line.indexOf(' - ');
  if (separator === -1) return undefined;
  const [, , device, , mount, options] = line.slice(0, separator).split(' ');
  const [type, source, superOptions] = line.slice(separator + 3).split(' ');
  if (device === undefined || mount === undefined || type === undefined) return undefined;
  const readOnly = [options, superOptions].some((list) => list?.split(',').includes('ro'));
  return { device, mount: unescapeOctal(mount), type, source: unescapeOctal(source ?? ''), readOnly };
}

/** The kernel writes space, tab, newline and backslash as `\040`; bytes above stay UTF-8. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
