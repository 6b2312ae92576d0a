// What known programs do, as data. A program that is not here is unknown, and is said to be.
//
// "reads" is promised only where no option of the program writes, sends or runs anything; options and words that do are
// listed beside it. When in doubt a row says more risk, not less.

export type Risk = 'reads' | 'changes' | 'dangerous' | 'unknown';

export interface RiskRow {
  readonly programs: string;
  readonly risk: Risk;
  /** Options (`-x`, `--long`) or words by which it does more: exact, or a beginning that ends in `*`. */
  readonly more?: readonly { readonly words: string; readonly risk: Risk }[];
  /** Only with one of these as its first word that is no option is the risk as said; else it is `unknown`. */
  readonly only?: string;
  /** The options that may stand before that word: of any other nobody here knows whether it takes the word for itself. */
  readonly before?: string;
  /** What the word after that may be; any other word there, and any beginning of one, makes it `dangerous`. */
  readonly second?: string;
  /** A word that is no option makes it change something, unless the word begins with `+`. */
  readonly bare?: true;
  /** It speaks to other computers. */
  readonly network?: true;
  /** What its words are: names, or files whose content it shows. A name behind an option may be the option's own. */
  readonly operands?: 'names' | 'files';
}

export const RISK_TABLE: readonly RiskRow[] = [
  { programs: 'file', risk: 'reads', more: [{ words: '-C* --compile', risk: 'changes' }], operands: 'files' },
  { programs: 'ls stat du wc cksum md5sum sha256sum cmp readlink realpath', risk: 'reads', operands: 'files' },
  { programs: 'cat head tail nl od', risk: 'reads', operands: 'files' },
  { programs: 'df free uptime uname whoami id groups nproc arch tty pwd lscpu lsblk lspci lsusb lsmod', risk: 'reads' },
  { programs: 'ps', risk: 'reads' }, // its words are options too: one letter more shows every program's environment
  { programs: 'who w last lpstat lpq vmstat pgrep pidof', risk: 'reads', operands: 'names' },
  { programs: 'ss', risk: 'reads', more: [{ words: '-K --kill -D* --diag*', risk: 'dangerous' }] },
  { programs: 'grep', risk: 'reads' },
  { programs: 'echo', risk: 'reads' },
  { programs: 'getent', risk: 'reads', network: true },
  { programs: 'host nslookup dig', risk: 'reads', network: true, operands: 'names' },
  {
    programs: 'ping',
    risk: 'reads',
    network: true,
    operands: 'names',
    more: [
      { words: '-f* -A* -l* -b', risk: 'dangerous' }, // as fast as the network takes it
      { words: '-i*', risk: 'unknown' },
    ],
  },
  { programs: 'date', risk: 'reads', bare: true, more: [{ words: '-s* --set*', risk: 'changes' }] },
  { programs: 'hostname', risk: 'reads', bare: true, more: [{ words: '-F* -b --file* --boot', risk: 'changes' }] },
  {
    programs: 'systemctl',
    risk: 'reads',
    only: 'status show cat list-units list-unit-files list-timers is-active is-enabled is-failed',
    before: '--user --system --no-pager --no-legend --plain --full --all --quiet -l -a -q',
    operands: 'names',
    more: [
      { words: 'start stop restart reload try-restart enable disable', risk: 'changes' },
      {
        words: 'reboot poweroff halt kexec suspend hibernate mask isolate kill edit set-* -H* --host* -M* --machine*',
        risk: 'dangerous',
      },
    ],
  },
  {
    programs: 'journalctl',
    risk: 'reads',
    more: [
      { words: '--cursor-file* --vacuum* --rotate --flush --sync --relinquish* --setup* --update*', risk: 'changes' },
      { words: '--smart-relinquish*', risk: 'changes' },
      { words: '--image*', risk: 'dangerous' }, // it mounts it
    ],
  },
  {
    programs: 'dmesg',
    risk: 'reads',
    more: [{ words: '-c -C -D -E -n* --clear --read-clear --console*', risk: 'changes' }],
  },
  {
    programs: 'ip',
    risk: 'reads',
    only: 'addr address a link l route r neigh neighbour n',
    before: '-4 -6 -s -d -o -j -p',
    second: 'show list ls get', // iproute2 takes `s` for `set` and `d` for `del`
    more: [{ words: 'add del delete set change replace flush append exec -b* -batch netns vrf', risk: 'dangerous' }],
  },
  {
    programs: 'find',
    risk: 'reads',
    more: [{ words: '-delete -exec* -ok* -fprint* -fls*', risk: 'dangerous' }],
  },
  { programs: 'sort uniq', risk: 'unknown', more: [{ words: '-o* --output* --compress-program*', risk: 'changes' }] },
  { programs: 'mkdir touch cp mv ln tee sed chmod chgrp truncate install', risk: 'changes' },
  { programs: 'kill pkill killall renice', risk: 'changes' },
  { programs: 'cancel lprm cupsenable cupsdisable cupsaccept lpoptions lpadmin', risk: 'changes' },
  { programs: 'nmcli resolvectl timedatectl localectl hostnamectl', risk: 'changes' },
  { programs: 'apt apt-get dpkg dnf yum rpm zypper snap flatpak pip npm', risk: 'changes', network: true },
  {
    programs: 'rm rmdir unlink shred dd chown chattr mkfs wipefs fdisk parted sfdisk swapoff mount umount',
    risk: 'dangerous',
  },
  { programs: 'reboot shutdown poweroff halt init telinit', risk: 'dangerous' },
  { programs: 'useradd userdel usermod groupadd passwd chpasswd visudo crontab at batch', risk: 'dangerous' },
  { programs: 'iptables ip6tables nft ufw sysctl modprobe insmod rmmod', risk: 'dangerous' },
  { programs: 'curl wget ssh scp sftp rsync ftp nc ncat netcat socat telnet', risk: 'dangerous', network: true },
  { programs: 'sudo su doas pkexec runuser chroot nsenter unshare', risk: 'dangerous' },
  {
    programs: 'sh bash dash zsh fish python python3 perl ruby node php lua awk gawk mawk env xargs eval exec source',
    risk: 'dangerous',
  },
  {
    programs: 'nohup setsid systemd-run docker podman tmux screen script gdb strace watch timeout nice',
    risk: 'dangerous',
  },
  {
    programs: 'dbus-send gdbus busctl loginctl xdotool xinput xset chaperone chaperoned chaperone-hub',
    risk: 'dangerous',
  },
];

/**
 * Below these, files may be shown alike once one was approved: what a system says about itself. Not `/etc` and `/proc`:
 * a password file stands beside harmless ones there.
 */
export const SYSTEM_FOLDERS: readonly string[] = ['/var/log', '/usr', '/sys/class'];
