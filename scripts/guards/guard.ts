// What a row of the guard matrix says: which line keeps a promise, what stands there when it is disabled, who notices.

export interface Guard {
  /** Unique; words of it choose rows on the command line. */
  readonly name: string;
  readonly file: string;
  /** The guard as it is written: stands in the file exactly once. */
  readonly find: string;
  /** What stands there instead. Compiles, so that the test fails for want of the guard and not of a program. */
  readonly replace: string;
  readonly test: string;
  /** The test's name, or a part of it as it is written in the file. */
  readonly named: string;
}
