// Fifth layer: promises 4 and 5. A shell starts only when its recording is open and the log says that it starts.

import { userInfo } from 'node:os';
import { basename, join } from 'node:path';
import type { ServerChannel } from 'ssh2';
import { EXIT } from '../../protocol/errors.ts';
import type { Machine } from '../machine.ts';
import { openRecording, type Recording } from '../recording/recording.ts';
import { sessionDirectory } from '../session/directory.ts';
import type { Session } from '../session/session.ts';
import { SCOPE_WITHDRAWN } from '../session/words.ts';
import type { TechnicianConnection } from '../ssh/connection.ts';
import type { TerminalWish } from './permit.ts';
import { runShell, SHELL_SCOPE } from './run.ts';

export interface ShellControls {
  readonly resize: (cols: number, rows: number) => void;
  readonly signal: (name: string) => void;
}

/** Starts the recording, logs the shell, and runs it. Window changes that come before it runs are kept. */
export function openShell(
  channel: ServerChannel,
  wish: TerminalWish,
  connection: TechnicianConnection,
  session: Session,
  machine: Machine,
): ShellControls {
  let size = { cols: wish.cols, rows: wish.rows };
  let running: ShellControls | null = null;
  session.counters.shellsOpened += 1;
  const number = session.counters.shellsOpened;
  const held = session.whileHeld(SHELL_SCOPE);
  channel.pause();
  channel.on('error', () => channel.destroy());
  channel.stderr.on('error', () => undefined); // the channel closes by itself; a last sentence may come too late

  const opening = async () => {
    const file = join(sessionDirectory(machine.home, session.id), `shell-${number}.cast`);
    const recording = await openRecording(file, {
      ...size,
      title: `${machine.identity.name}, shell ${number}, session ${session.id}`,
      startedAt: new Date(),
      maxBytes: () => machine.policy.record.maxBytes,
    });
    try {
      await logAndRun(recording, file);
    } catch (problem) {
      const { bytes, sha256 } = await recording.close();
      await machine.log
        .append(
          'shell.closed',
          {
            number,
            exitCode: null,
            signal: null,
            bytesOut: 0,
            bytesIn: 0,
            recordingBytes: bytes,
            recordingSha256: sha256,
          },
          { session: session.id },
        )
        .catch(() => undefined); // a failed log ends the session by itself
      throw problem;
    }
  };

  const logAndRun = async (recording: Recording, file: string) => {
    held.throwIfAborted();
    await machine.log.append(
      'shell.opened',
      {
        number,
        program: machine.policy.shell.program,
        user: userInfo().username,
        ...size,
        recording: basename(file),
      },
      { session: session.id, actor: session.grant.technician.keyFingerprint },
    );
    await session.whenRunning();
    held.throwIfAborted();
    const shellWish = { ...wish, ...size };
    running = await runShell({ channel, number, wish: shellWish, recording, connection, session, machine, held });
    running.resize(size.cols, size.rows);
  };

  const failed = (problem: unknown) => {
    if (held.aborted) {
      if (!session.over.aborted) {
        channel.stderr.write(`${SCOPE_WITHDRAWN}\r\n`);
        channel.exit(EXIT.ended);
      }
      channel.close();
      return;
    }
    machine.logger.error({ session: session.id, problem }, 'the shell could not be opened');
    const words = problem instanceof Error ? problem.message : 'unknown reason';
    channel.stderr.write(`the shell could not be opened: ${words}\r\n`);
    channel.exit(EXIT.failure);
    channel.close();
    if (!machine.log.healthy) {
      session.loseRecorder('the log cannot be written');
    }
  };

  // A part of the session from the first moment: the end waits for a shell that is just being opened.
  const opened = opening().catch(failed);
  const attached = session.attach({
    freeze: () => undefined,
    thaw: () => undefined,
    cut: () => undefined,
    finish: () => opened,
  });
  void opened.then(() => attached[Symbol.dispose]());

  return {
    resize: (cols, rows) => {
      size = { cols, rows };
      running?.resize(cols, rows);
    },
    signal: (name) => running?.signal(name),
  };
}
