// How Chaperone learns whether the person is at the machine: one interface, and an adapter for each thing that knows.

/** What an adapter hears. `locked` and `away` are states of its own; `left` is a log-out. */
export type PresenceEvent = 'locked' | 'unlocked' | 'away' | 'back' | 'asleep' | 'awake' | 'left';

export interface PresenceOptions {
  /** The person counts as away after so long without touching keyboard or mouse, in ms; asked at every look. */
  readonly awayAfterMs: () => number;
  readonly onEvent: (event: PresenceEvent) => void;
  /** It can tell nothing any more. */
  readonly onLost: () => void;
  /** Where to look. */
  readonly environment: NodeJS.ProcessEnv;
  /** Whose presence it is. @default this process's user */
  readonly uid?: number;
  /** @default 5 s */
  readonly lookEveryMs?: number;
}

export interface PresenceAdapter {
  /** For `chaperoned status`, such as `X11 idle time`. */
  readonly name: string;
  /** What it can tell. */
  readonly tells: readonly PresenceEvent[];
  /** Resolves with null where there is nothing to hear from. */
  start(options: PresenceOptions): Promise<Disposable | null>;
}
