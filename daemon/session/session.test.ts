import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SessionPart } from './session.ts';
import { newSession, testTechnician } from './test-session.ts';

class Part implements SessionPart {
  readonly heard: string[] = [];
  freeze(): void {
    this.heard.push('freeze');
  }
  thaw(): void {
    this.heard.push('thaw');
  }
  cut(words: string): void {
    this.heard.push(`cut: ${words}`);
  }
  async finish(): Promise<void> {
    this.heard.push('finish');
  }
}

afterEach(() => {
  vi.useRealTimers();
});

describe('promise 9: ending is immediate and final', () => {
  it('has cut every part when end returns', () => {
    const session = newSession();
    session.open();
    const parts = [new Part(), new Part()];
    for (const part of parts) {
      session.attach(part);
    }
    session.end('local user', 'she had enough');
    expect(parts.map((part) => part.heard)).toEqual([['cut: she had enough'], ['cut: she had enough']]);
    expect(session.over.aborted).toBe(true);
  });

  it('cuts what comes too late', () => {
    const session = newSession();
    session.open();
    session.end('local user', 'over');
    const late = new Part();
    session.attach(late);
    expect(late.heard).toEqual(['cut: over', 'finish']);
  });

  it('keeps the first reason', async () => {
    const session = newSession();
    session.open();
    session.end('local user', 'first');
    session.end('technician', 'second');
    expect(await session.ended).toMatchObject({ by: 'local user', reason: 'first' });
  });

  it('cannot be opened, paused or resumed again', () => {
    const session = newSession();
    session.open();
    session.end('technician', 'done');
    session.open();
    expect(session.pause('x')).toBe(false);
    expect(session.resume()).toBe(false);
    expect(session.state).toBe('ended');
    expect(session.openScopes).toEqual([]);
  });

  it('counts what could not be killed', async () => {
    const session = newSession();
    session.open();
    const stubborn = new Part();
    stubborn.finish = () => Promise.reject(new Error('survived'));
    session.attach(stubborn);
    session.attach(new Part());
    session.end('local user', 'over');
    expect(await session.finished()).toBe(1);
  });
});

describe('a session', () => {
  it('opens no scope before it is active', () => {
    const session = newSession();
    expect(session.openScopes).toEqual([]);
    session.open();
    expect(session.openScopes).toEqual(['diagnostics']);
    session.end('technician', 'tidy');
  });

  it('ends at its time limit', async () => {
    vi.useFakeTimers();
    const session = newSession(60_000);
    session.open();
    vi.advanceTimersByTime(60_000);
    expect(await session.ended).toMatchObject({ by: 'time limit', reason: 'the agreed time is over' });
  });

  it("ends with the technician's certificate, and says that it was this", async () => {
    vi.useFakeTimers();
    const session = newSession(5_000, testTechnician(new Date(Date.now() + 5_000).toISOString()));
    session.open();
    vi.advanceTimersByTime(4_999);
    expect(session.state).toBe('active');
    vi.advanceTimersByTime(1);
    expect(await session.ended).toMatchObject({ by: 'time limit', reason: expect.stringContaining('certificate') });
  });

  it('freezes its parts while it is paused, those that come meanwhile too', async () => {
    const session = newSession();
    session.open();
    const part = new Part();
    session.attach(part);
    expect(session.pause('the person paused')).toBe(true);
    const late = new Part();
    session.attach(late);
    const running = session.whenRunning();
    expect(session.resume()).toBe(true);
    await running;
    expect(part.heard).toEqual(['freeze', 'thaw']);
    expect(late.heard).toEqual(['freeze', 'thaw']);
    session.end('technician', 'tidy');
  });

  it('lets go of those who wait for the end of a pause when it ends', async () => {
    const session = newSession();
    session.open();
    session.pause('x');
    const running = session.whenRunning();
    session.end('local user', 'over');
    await expect(running).rejects.toBeDefined();
  });
});

describe('a permission that is withdrawn', () => {
  class Shell extends Part {
    readonly scope = 'shell';
  }

  it('cuts what lived by it when withdraw returns, and nothing else', () => {
    const session = newSession();
    session.open();
    const [shell, control] = [new Shell(), new Part()];
    session.give(session.permissions.promise(['shell']));
    session.attach(shell);
    session.attach(control);
    const held = session.whileHeld('shell');
    expect(session.withdraw(['shell', 'reboot'], 'taken back')).toEqual(['shell']);
    expect(shell.heard).toEqual(['cut: taken back', 'finish']);
    expect(control.heard).toEqual([]);
    expect(held.aborted).toBe(true);
    expect(session.whileHeld('shell').aborted).toBe(true);
    expect(session.openScopes).toEqual(['diagnostics']);
    session.end('technician', 'tidy');
  });

  it('cuts what comes too late, as after the end', () => {
    const session = newSession();
    session.open();
    const late = new Shell();
    session.attach(late);
    expect(late.heard.at(-1)).toBe('finish');
    session.end('technician', 'tidy');
  });

  it('is not given by an addition that was on its way', () => {
    const session = newSession();
    session.open();
    const promised = session.permissions.promise(['shell', 'reboot']);
    session.withdraw(['shell'], 'taken back');
    expect(session.give(promised)).toEqual(['reboot']);
    expect(session.give(promised)).toEqual([]);
    session.end('technician', 'tidy');
  });

  it('is not given after the end', () => {
    const session = newSession();
    session.open();
    const promised = session.permissions.promise(['shell']);
    session.end('local user', 'over');
    expect(session.give(promised)).toEqual([]);
    expect(session.grant.scopes).toEqual(['diagnostics']);
  });
});

describe('promise 4: no recorder, no session', () => {
  it('pauses at once, cannot be resumed, and ends', async () => {
    vi.useFakeTimers();
    const session = newSession();
    session.open();
    const part = new Part();
    session.attach(part);
    session.loseRecorder('the disk is full');
    expect(session.state).toBe('paused');
    expect(session.because).toContain('the disk is full');
    expect(session.resume()).toBe(false);
    vi.advanceTimersByTime(10_000);
    expect(await session.ended).toMatchObject({ by: 'machine', reason: expect.stringContaining('the disk is full') });
    expect(part.heard.at(0)).toBe('freeze');
    expect(part.heard.at(-1)).toContain('cut');
  });

  it('does not open when that happens while the person is still being shown who comes', async () => {
    const session = newSession();
    session.loseRecorder('the disk is full');
    session.open();
    expect([session.state, session.openScopes]).toEqual(['ended', []]);
    expect(await session.ended).toMatchObject({ by: 'machine', reason: expect.stringContaining('the disk is full') });
  });
});
