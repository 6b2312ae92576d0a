// CPace's way to join byte strings (`lv_cat`): each with its length before it, so that no two lists give the same bytes.

const GROUP_BITS = 7; // of a length in each byte; the eighth says that another byte follows (LEB128)
const MORE = 1 << GROUP_BITS;

/** All of `parts`, each after its length. */
export function lengthValues(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(parts.flatMap((part) => [length(part.length), part]));
}

function length(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= GROUP_BITS) {
    if (rest < MORE) {
      return Buffer.from([...bytes, rest]);
    }
    bytes.push((rest % MORE) | MORE);
  }
}
