// Which modes a terminal is left in: the last word on each, in the order in which the last words were said.

const MAX_MODES = 64; // programs know fewer; who sets thousands gets the latest
const ALTERNATE_SCREENS = ['?47', '?1047', '?1049'];
/** What DECSTR resets, next to margins and character sets (VT510 manual). */
const SOFT_RESET = ['?1', '?6', '?7', '?25', '4'];
const MARGINS = 'margins';
const CHARSET = 'charset';

export class ModeRecord {
  readonly #startsAlternate: boolean;
  #alternate: boolean;
  #leftAlternate = false;
  /** How the alternate screen was entered last. */
  #entered = '?1049';
  #reset = '';
  /** By what is switched; re-inserting moves to the end. */
  readonly #switched = new Map<string, string>();

  /** @param alternate whether the alternate screen is shown at the beginning */
  constructor(alternate: boolean) {
    this.#startsAlternate = alternate;
    this.#alternate = alternate;
  }

  /** Whether the alternate screen is shown now. */
  get alternate(): boolean {
    return this.#alternate;
  }

  /** RIS */
  hardReset(): void {
    this.#switched.clear();
    this.#reset = '\x1bc';
    this.#alternate = false;
    this.#leftAlternate = false;
  }

  /** DECSTR */
  softReset(): void {
    for (const mode of SOFT_RESET) this.#switched.delete(mode);
    for (const key of this.#switched.keys()) if (key.startsWith(CHARSET)) this.#switched.delete(key);
    this.#switched.delete(this.#margins());
    this.#put('soft', '\x1b[!p');
  }

  /** DECSET, DECRST, SM, RM. @param mode `?25`, `4` */
  mode(mode: string, on: boolean): void {
    if (ALTERNATE_SCREENS.includes(mode)) {
      if (on) this.#entered = mode;
      else if (this.#alternate) {
        this.#leftAlternate = true;
        this.#switched.delete(this.#margins()); // they were those of the screen that is left
      }
      this.#alternate = on;
    } else this.#put(mode, `\x1b[${mode}${on ? 'h' : 'l'}`);
  }

  /** DECSTBM. @param parameters `2;20`, or empty for the whole screen */
  margins(parameters: string): void {
    this.#put(this.#margins(), `\x1b[${parameters}r`);
  }

  /** SCS. @param sequence whole, such as `ESC ( 0` */
  charset(sequence: string): void {
    this.#put(CHARSET + sequence.charAt(1), sequence);
  }

  /** What puts a terminal that was as in the beginning into these modes. */
  sequences(): string {
    const starts = this.#reset === '' && this.#startsAlternate;
    const leaves = starts && (this.#leftAlternate || !this.#alternate);
    const enters = this.#alternate && (leaves || !starts);
    const sequences = new Map(this.#switched);
    let out = this.#reset;
    if (leaves) out += `\x1b[${this.#entered}l`;
    if (enters) {
      out += `${sequences.get(MARGINS) ?? ''}\x1b[${this.#entered}h`; // those of the screen that is left
      sequences.delete(MARGINS);
    }
    return out + [...sequences.values()].join('');
  }

  /** Each screen has its own. */
  #margins(): string {
    return `${MARGINS}${this.#alternate ? ' of the alternate screen' : ''}`;
  }

  #put(key: string, sequence: string): void {
    this.#switched.delete(key);
    this.#switched.set(key, sequence);
    const [oldest] = this.#switched.keys();
    if (this.#switched.size > MAX_MODES && oldest !== undefined) this.#switched.delete(oldest);
  }
}
