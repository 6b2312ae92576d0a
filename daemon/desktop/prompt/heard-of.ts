// When the daemon had heard that a question is on screen: it counts from there how long that can be read.

/** By the monotonic clock, in ms. Where nothing answers any more the question is over anyway. */
export async function heardOf(displayed: void | Promise<void>): Promise<number> {
  await Promise.resolve(displayed).catch(() => undefined);
  return performance.now();
}
