// A leaf of the audit log: a clear header that never holds patient data, and a sealed body (DESIGN.md §9).

import nacl from 'tweetnacl';
import { z } from 'zod';
import { ChaperoneError, EXIT } from '../errors.ts';
import { EVENT_FIELDS, type EventFields, type EventType, isEventType } from './catalogue.ts';

const ENTRY_MAX = 65_535; // bytes; C2SP tlog-tiles entry bundles carry a uint16 length

/** The clear header. A verifier without keys still sees order, time, kind, session and actor. */
export const LeafHeader = z.strictObject({
  v: z.literal(1),
  /** Index of this leaf in its log. */
  seq: z.int().min(0),
  /** UTC, milliseconds; never before the leaf in front of it. */
  time: z.iso.datetime({ precision: 3 }),
  type: z
    .string()
    .regex(/^[a-z]+\.[a-z]+$/)
    .max(64),
  session: z.uuid().nullable(),
  /** Fingerprint of the key that acted (`SHA256:…`), or null for the machine itself. */
  actor: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/)
    .nullable(),
});
export type LeafHeader = z.infer<typeof LeafHeader>;

const Leaf = z.strictObject({ ...LeafHeader.shape, body: z.base64().max(ENTRY_MAX) });

/** 32 bytes that open the sealed bodies of one session (or of the machine's own events). */
export type BodyKey = Uint8Array;

export function newBodyKey(): BodyKey {
  return nacl.randomBytes(nacl.secretbox.keyLength);
}

/** The leaf is not an envelope of ours, or its body does not open. */
export class BadLeaf extends ChaperoneError {
  constructor(message: string, cause?: unknown) {
    super(message, { exitCode: EXIT.verification, cause });
  }
}

/** Bytes of a leaf: one JSON object, body = base64(nonce ‖ secretbox(fields)). Throws {@link BadLeaf} when fields break the catalogue. */
export function sealLeaf<T extends EventType>(
  header: Omit<LeafHeader, 'v' | 'type'>,
  type: T,
  fields: EventFields<T>,
  key: BodyKey,
): Uint8Array {
  const checked = EVENT_FIELDS[type].safeParse(fields);
  if (!checked.success) {
    throw new BadLeaf(`fields of ${type} break the event catalogue: ${z.prettifyError(checked.error)}`);
  }
  const nonce = nacl.randomBytes(nacl.secretbox.nonceLength);
  const sealed = nacl.secretbox(Buffer.from(JSON.stringify(checked.data)), nonce, key);
  const leaf = LeafHeader.parse({ v: 1, type, ...header });
  const bytes = Buffer.from(JSON.stringify({ ...leaf, body: Buffer.concat([nonce, sealed]).toString('base64') }));
  if (bytes.length > ENTRY_MAX) {
    throw new BadLeaf(`an event of type ${type} is too large for the log (${bytes.length} bytes)`);
  }
  return bytes;
}

/** The clear header of a leaf; throws {@link BadLeaf}. */
export function readHeader(entry: Uint8Array): LeafHeader {
  const { body: _, ...header } = parseLeaf(entry);
  return header;
}

/** The fields of a leaf; throws {@link BadLeaf} when the key is wrong or the catalogue does not know them. */
export function openBody(entry: Uint8Array, key: BodyKey): Record<string, z.core.util.JSONType> {
  const leaf = parseLeaf(entry);
  const box = Buffer.from(leaf.body, 'base64');
  if (key.length !== nacl.secretbox.keyLength || box.length < nacl.secretbox.nonceLength) {
    throw new BadLeaf(`the body of leaf ${leaf.seq} or its key is cut short`);
  }
  const opened = nacl.secretbox.open(
    box.subarray(nacl.secretbox.nonceLength),
    box.subarray(0, nacl.secretbox.nonceLength),
    key,
  );
  if (opened === null) {
    throw new BadLeaf(`the body of leaf ${leaf.seq} does not open with this key`);
  }
  const fields: unknown = parseJson(opened);
  const schema = isEventType(leaf.type) ? EVENT_FIELDS[leaf.type] : null;
  const parsed = (schema ?? z.record(z.string(), z.json())).safeParse(fields);
  if (!parsed.success) {
    throw new BadLeaf(`the body of leaf ${leaf.seq} breaks the event catalogue`, parsed.error);
  }
  return z.record(z.string(), z.json()).parse(parsed.data);
}

function parseLeaf(entry: Uint8Array): z.infer<typeof Leaf> {
  const parsed = Leaf.safeParse(parseJson(entry));
  if (!parsed.success) {
    throw new BadLeaf('the leaf is not an audit event', parsed.error);
  }
  return parsed.data;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new BadLeaf('the leaf is not JSON', cause);
  }
}

/**
 * The rules that an honest log keeps from leaf to leaf, for `verifyLog`: numbers without a gap, times that never go
 * back. Returns what is wrong with the entry at `index`, or null. Keeps the last time seen: use one per run.
 */
export function leafOrderCheck(): (entry: Uint8Array, index: number) => string | null {
  let last = '';
  return (entry, index) => {
    let header: LeafHeader;
    try {
      header = readHeader(entry);
    } catch (error) {
      return error instanceof Error ? error.message : 'unreadable';
    }
    if (header.seq !== index) {
      return `says it is leaf ${header.seq}`;
    }
    if (header.time < last) {
      return `is dated ${header.time}, before the leaf in front of it (${last})`;
    }
    last = header.time;
    return null;
  };
}
