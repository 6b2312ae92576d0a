// A disk for tests that loses power at a chosen operation and then keeps only what was synced, and by luck more.
//
// The rules are those that POSIX gives and no better: content is safe after its file was synced, a name is safe after
// its folder was synced, everything else may or may not be there, each change by itself; a rename is all or nothing.
import type { DirectoryItem, LogFile, LogFileSystem } from '../file-system.ts';

interface SimulatedFile {
  content: Buffer;
  /** How much of it is safe. */
  synced: number;
}

interface SimulatedFolder {
  readonly names: Map<string, Node>;
  /** The names as they were at the last sync, and what was done since. */
  safe: Map<string, Node>;
  changes: ((names: Map<string, Node>) => void)[];
}

type Node = { readonly file: SimulatedFile } | { readonly folder: SimulatedFolder };

/** What survives a power cut besides what was synced: a number in [0, 1) for each decision. */
export type Luck = () => number;
export const NOTHING_SURVIVES: Luck = () => 0.999;
export const ALL_SURVIVES: Luck = () => 0;

export interface Faults {
  /** The power fails before the operation with this number; nothing works from then on. */
  readonly cutAt?: number;
  /** The operation with this number fails with this code; a write has taken half of its bytes by then. */
  readonly failAt?: number;
  readonly code?: string;
  /** Writes take at most so many bytes at a time. */
  readonly writeLimit?: number;
}

const newFolder = (names = new Map<string, Node>()): SimulatedFolder => ({ names, safe: new Map(names), changes: [] });

export class SimulatedDisk implements LogFileSystem {
  readonly #root: SimulatedFolder;
  readonly #faults: Faults;
  /** Operations that would change the disk, so far. */
  operations = 0;
  /** How many of them were syncs. */
  syncs = 0;

  constructor(faults: Faults = {}, root: SimulatedFolder = newFolder()) {
    this.#faults = faults;
    this.#root = root;
  }

  get isCut(): boolean {
    return this.operations > (this.#faults.cutAt ?? Number.POSITIVE_INFINITY);
  }

  /** The disk after the power came back. */
  afterPowerCut(luck: Luck, faults: Faults = {}): SimulatedDisk {
    const files = new Map<SimulatedFile, SimulatedFile>();
    const survive = (node: Node): Node => {
      if ('folder' in node) return { folder: newFolder(surviving(node.folder)) };
      const { content, synced } = node.file;
      const length = synced + Math.ceil((content.length - synced) * (1 - luck()));
      const kept = Buffer.from(content.subarray(0, Math.min(length, content.length)));
      if (length > synced && luck() > 0.5) kept.fill(0, synced); // blocks allocated, data never written
      const file = files.get(node.file) ?? { content: kept, synced: kept.length };
      files.set(node.file, file);
      return { file };
    };
    const surviving = (folder: SimulatedFolder): Map<string, Node> => {
      const names = new Map(folder.safe);
      for (const change of folder.changes) if (luck() < 0.5) change(names);
      return new Map([...names].map(([name, node]) => [name, survive(node)]));
    };
    return new SimulatedDisk(faults, newFolder(surviving(this.#root)));
  }

  /** The same disk, all of it, in the hands of the next process: the first one was killed, the power stayed. */
  afterKill(faults: Faults = {}): SimulatedDisk {
    return new SimulatedDisk(faults, this.#root);
  }

  async readFile(path: string, limit: number): Promise<Uint8Array> {
    this.#mustHavePower();
    const node = this.#find(path);
    if (!('file' in node)) throw failure('EISDIR', path);
    if (node.file.content.length > limit) throw failure('EFBIG', path);
    return Buffer.from(node.file.content);
  }

  async list(path: string): Promise<DirectoryItem[]> {
    this.#mustHavePower();
    return [...this.#folder(path).names].map(([name, node]) => ({ name, kind: 'file' in node ? 'file' : 'directory' }));
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#operate(path);
    const [folder, name] = this.#parent(path);
    if (folder.names.has(name)) throw failure('EEXIST', path);
    const node = { folder: newFolder() };
    this.#change(folder, (names) => names.set(name, node));
  }

  async create(path: string): Promise<LogFile> {
    await this.#operate(path);
    const [folder, name] = this.#parent(path);
    if (folder.names.has(name)) throw failure('EEXIST', path);
    const file: SimulatedFile = { content: Buffer.alloc(0), synced: 0 };
    this.#change(folder, (names) => names.set(name, { file }));
    const append = (bytes: Uint8Array): number => {
      file.content = Buffer.concat([file.content, bytes]);
      return bytes.length;
    };
    return {
      write: async (bytes) => {
        await this.#operate(path, () => append(bytes.subarray(0, bytes.length / 2)));
        return append(bytes.subarray(0, this.#faults.writeLimit ?? bytes.length));
      },
      sync: async () => {
        await this.#operate(path);
        this.syncs += 1;
        file.synced = file.content.length;
      },
      close: async () => this.#mustHavePower(),
    };
  }

  async syncFile(path: string): Promise<void> {
    await this.#operate(path);
    const node = this.#find(path);
    this.syncs += 1;
    if ('file' in node) node.file.synced = node.file.content.length;
  }

  async syncDirectory(path: string): Promise<void> {
    await this.#operate(path);
    const folder = this.#folder(path);
    this.syncs += 1;
    folder.safe = new Map(folder.names);
    folder.changes = [];
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#operate(from);
    const node = this.#find(from);
    const [folder, name] = this.#parent(from);
    const [target, newName] = this.#parent(to);
    if (folder !== target) throw failure('EXDEV', to);
    this.#change(folder, (names) => {
      names.delete(name);
      names.set(newName, node);
    });
  }

  async remove(path: string): Promise<void> {
    await this.#operate(path);
    if ('folder' in this.#find(path)) throw failure('EISDIR', path);
    const [folder, name] = this.#parent(path);
    this.#change(folder, (names) => names.delete(name));
  }

  async removeDirectory(path: string): Promise<void> {
    await this.#operate(path);
    if (this.#folder(path).names.size > 0) throw failure('ENOTEMPTY', path);
    const [folder, name] = this.#parent(path);
    this.#change(folder, (names) => names.delete(name));
  }

  #change(folder: SimulatedFolder, change: (names: Map<string, Node>) => void): void {
    change(folder.names);
    folder.changes.push(change);
  }

  async #operate(path: string, half?: () => void): Promise<void> {
    await Promise.resolve(); // operations that were started together interleave, as on a real disk
    const number = this.operations;
    this.operations += 1;
    this.#mustHavePower();
    if (number !== this.#faults.failAt) return;
    half?.();
    throw failure(this.#faults.code ?? 'EIO', path);
  }

  #mustHavePower(): void {
    if (this.isCut) throw failure('ENODEV', 'the power is cut');
  }

  #find(path: string): Node {
    let node: Node = { folder: this.#root };
    for (const name of path.split('/').filter((part) => part !== '')) {
      const next: Node | undefined = 'folder' in node ? node.folder.names.get(name) : undefined;
      if (next === undefined) throw failure('ENOENT', path);
      node = next;
    }
    return node;
  }

  #folder(path: string): SimulatedFolder {
    const node = this.#find(path);
    if ('folder' in node) return node.folder;
    throw failure('ENOTDIR', path);
  }

  #parent(path: string): [SimulatedFolder, string] {
    const cut = path.lastIndexOf('/');
    return [this.#folder(path.slice(0, cut)), path.slice(cut + 1)];
  }
}

function failure(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}
