import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from './classify.ts';
import { formInWords, formOf, hasForm } from './form.ts';
import { parseCommand } from './parse-command.ts';

const riskOf = (line: string) => classify(parseCommand(line)).risk;

describe('the risk that the person reads', () => {
  it.each([
    ['ls -la /var/log', 'reads'],
    ['systemctl status cups', 'reads'],
    ['systemctl restart cups', 'changes'],
    ['systemctl poweroff', 'dangerous'],
    ['date', 'reads'],
    ['date +%s', 'reads'],
    ['date 01010101', 'changes'],
    ['date -s tomorrow', 'changes'],
    ['hostname', 'reads'],
    ['hostname mine', 'changes'],
    ['find /var -name x', 'reads'],
    ['find /var -name x -delete', 'dangerous'],
    ['ip addr', 'reads'],
    ['ip addr add 10.0.0.1/8 dev eth0', 'dangerous'],
    // iproute2 and getopt take the beginning of a word for the word.
    ['ip addr show eth0', 'reads'],
    ['ip -4 route get 10.0.0.1', 'reads'],
    ['ip r d default', 'dangerous'],
    ['ip link s eth0 down', 'dangerous'],
    ['ip addr fl dev eth0', 'dangerous'],
    ['journalctl --rot', 'changes'],
    ['journalctl --cursor-file=/home/u/x', 'changes'],
    ['journalctl --smart-relinquish-var', 'changes'],
    ['journalctl --image=/home/u/disk', 'dangerous'],
    ['journalctl --since=today', 'reads'],
    // To open a device can be to act on it, whichever way the path takes.
    ['cat /dev/watchdog', 'unknown'],
    ['head -c1 ../../dev/watchdog', 'unknown'],
    ['cat /proc/self/root/dev/nst0', 'unknown'],
    ['file -f/dev/watchdog', 'unknown'],
    ['date --reference=/dev/watchdog', 'unknown'],
    ['ip addr show dev eth0', 'reads'],
    ['ping -c 3 printer', 'reads'],
    ['ping -f printer', 'dangerous'],
    ['ping -nfc100 printer', 'dangerous'],
    ['ping -A printer', 'dangerous'],
    ['ss --kil dst 10.0.0.1', 'dangerous'],
    ['dmesg --cle', 'changes'],
    ['hostname --fil=/tmp/x', 'changes'],
    ['date --se=tomorrow', 'changes'],
    ['systemctl --hos=other status cups', 'dangerous'],
    // The option takes `status` for itself, and what runs is the word behind it.
    ['systemctl -p status exit', 'unknown'],
    ['systemctl --user -p status reload-or-restart cups', 'unknown'],
    ['systemctl --user status cups', 'reads'],
    ['dmesg -Tc', 'changes'],
    ['ss -tK', 'dangerous'],
    ['rm -rf /', 'dangerous'],
    ['/bin/rm x', 'dangerous'],
    ['sudo ls', 'dangerous'],
    ["sh -c 'ls'", 'dangerous'],
    ['env ls', 'dangerous'],
    ['mkfs.ext4 /dev/sda1', 'dangerous'],
    ['chaperoned allow shell', 'dangerous'],
    ['curl http://x', 'dangerous'],
    ['frobnicate', 'unknown'],
    ['/tmp/ls', 'unknown'],
    ['./ls', 'unknown'],
    ['ls; rm x', 'dangerous'],
    ['ls | wc -l', 'changes'],
    ['ls > x', 'changes'],
    ['echo $(rm x)', 'dangerous'],
    ['LD_PRELOAD=/tmp/x.so ls', 'changes'],
    ['lѕ', 'unknown'], // a Cyrillic letter
  ])('of %j is %s', (line, risk) => expect(riskOf(line)).toBe(risk));

  it('is never "reads" for what a shell has to run', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60 }), (text) => {
        try {
          const command = parseCommand(text);
          if (command.how === 'shell') expect(classify(command).risk).not.toBe('reads');
          else expect(command.argv.join('')).not.toMatch(/\n/);
        } catch (error) {
          expect(error).toHaveProperty('hint');
        }
      }),
    );
  });
});

describe('a command without a shell', () => {
  it('has exactly the words that are shown', () => {
    expect(parseCommand(`grep -n 'a b' "c d" /etc/hosts`)).toMatchObject({
      how: 'program',
      argv: ['grep', '-n', 'a b', 'c d', '/etc/hosts'],
      shown: "grep -n 'a b' 'c d' /etc/hosts",
    });
  });

  it.each(['echo $HOME', 'ls *', 'ls ~', 'a && b', 'a\\ b', 'echo "$x"', "echo 'open", '(ls)', 'x=1', 'ls # no'])(
    'is not what %j is',
    (line) => expect(parseCommand(line).how).toBe('shell'),
  );

  it('has a digest of its own', () => {
    const digests = ['ls /a', 'ls /b', "ls '/a /b'", 'ls /a /b', 'ls /a; ls'].map((line) => parseCommand(line).digest);
    expect(new Set(digests).size).toBe(digests.length);
    expect(parseCommand('  ls   /a ').digest).toBe(digests[0]);
  });
});

describe('commands of the same form', () => {
  const same = (approved: string, later: string): boolean => {
    const command = parseCommand(approved);
    const form = formOf(command, classify(command));
    const other = parseCommand(later);
    return form !== null && hasForm(form, other, classify(other));
  };

  it.each([
    ['systemctl status cups', 'systemctl status ssh'],
    ['cat /var/log/syslog', 'cat /var/log/messages'],
    ['ping -c 3 printer', 'ping -c 3 gateway'],
  ])('%j covers %j', (approved, later) => expect(same(approved, later)).toBe(true));

  it.each([
    ['systemctl status cups', 'systemctl restart cups'],
    ['systemctl status cups', 'systemctl status cups ssh'],
    ['systemctl status cups', 'systemctl status cups; rm x'],
    ['systemctl status cups', 'systemctl status -Hother'],
    ['cat /var/log/syslog', 'cat /var/log/../../root/x'],
    ['cat /var/log/syslog', 'cat /home/dana/patients.csv'],
    ['cat /var/log/syslog', 'cat -n /var/log/syslog'],
    ['cat notes', 'cat patients'],
    ['cat /etc/hosts', 'cat /etc/shadow'],
    ['getent hosts', 'getent shadow'],
    ['ps aux', 'ps auxeww'],
    ['ping -c 3 printer', 'ping -c 3000000 printer'],
    ['ping printer -s 56', 'ping printer -s 65000'],
    ['cat /home/dana/a', 'cat /home/dana/b'],
    ['touch /etc/a', 'touch /etc/b'],
    ['frobnicate a', 'frobnicate a'],
  ])('%j does not cover %j', (approved, later) => expect(same(approved, later)).toBe(false));

  it('are said in words', () => {
    const command = parseCommand('systemctl status cups');
    const form = formOf(command, classify(command));
    expect(form && formInWords(form)).toBe('systemctl status (any name)');
  });
});
