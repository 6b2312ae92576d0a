// The wire shapes of diagnostics: what a machine offers to run, what it sends while one runs, and how it ends.
//
// Every field is bounded, so that a hostile machine cannot fill the technician's memory and a hostile technician
// cannot fill the machine's. Strings are not trusted to be printable: sanitise them before they reach a terminal.

import { z } from 'zod';

export { ParameterError, parseParameters } from './diagnostic-parameters.ts';

/** Of one serialised output, in bytes: leaves room for the JSON-RPC envelope inside the 256 KiB line limit. */
export const MAX_DIAGNOSTIC_OUTPUT_BYTES = 192 * 1024;
export const MAX_TABLE_ROWS = 500; // more is no longer read by a person
export const MAX_TABLE_COLUMNS = 12;
export const MAX_CELL_LENGTH = 400; // characters; a command line or a log message still fits
export const MAX_FACTS = 200;
export const MAX_TEXT_LENGTH = 60_000; // characters
export const MAX_CORES = 1024;
export const MAX_FILE_SYSTEMS = 32; // of one sample
export const MAX_PARAMETERS = 8;
export const MAX_PARAMETER_LENGTH = 1000; // characters, of a value before validation
const MAX_TIMEOUT_MS = 8 * 60 * 60_000; // a working day

const line = (max: number) => z.string().min(1).max(max);
const amount = z.number().nonnegative().finite();
const percent = z.number().min(0).max(100);

export const DiagnosticId = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'a diagnostic id is kebab-case');

export const Platform = z.enum(['linux', 'darwin', 'win32']);
export type Platform = z.infer<typeof Platform>;

const parameterBase = {
  name: z
    .string()
    .max(30)
    .regex(/^[a-z][A-Za-z0-9]*$/, 'a parameter name is camelCase'),
  title: line(60),
  required: z.boolean(),
  /** One sentence for the person who fills it in, also printed when the value is refused. */
  hint: line(200),
};

/** One typed parameter. A parameter that is neither required nor given is absent from the parsed record, or its default. */
export const DiagnosticParameter = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hostname'), ...parameterBase, default: line(253).optional() }),
  z.object({
    kind: z.literal('integer'),
    ...parameterBase,
    default: z.int().optional(),
    min: z.int(),
    max: z.int(),
  }),
  z.object({
    kind: z.literal('choice'),
    ...parameterBase,
    default: line(60).optional(),
    choices: z.array(line(60)).min(1).max(50),
  }),
  z.object({
    kind: z.literal('text'),
    ...parameterBase,
    default: z.string().max(MAX_PARAMETER_LENGTH).optional(),
    maxLength: z.int().min(1).max(MAX_PARAMETER_LENGTH),
  }),
]);
export type DiagnosticParameter = z.infer<typeof DiagnosticParameter>;

/** What a machine says about one diagnostic of its catalogue. */
export const DiagnosticDescriptor = z.object({
  id: DiagnosticId,
  title: line(60),
  /** What it looks at and why, in words that the local user understands. */
  purpose: line(400),
  /** `none`: only reads on this machine. `low`: also sends something to the network. */
  risk: z.enum(['none', 'low']),
  /** Where it can run; elsewhere the answer is "not available on this system". */
  platforms: z.array(Platform).min(1).max(3),
  parameters: z.array(DiagnosticParameter).max(MAX_PARAMETERS),
  /** Wall time in milliseconds after which it is stopped with the outcome `timeout`. */
  timeoutMs: z.int().min(100).max(MAX_TIMEOUT_MS),
  /** True when it sends `sample`s until it is cancelled or its time is over. */
  streams: z.boolean(),
});
export type DiagnosticDescriptor = z.infer<typeof DiagnosticDescriptor>;

export const DiagnosticList = z.array(DiagnosticDescriptor).max(200);

/** Parameters as they travel, before `parseParameters`: numbers may come as text. */
export const DiagnosticInput = z
  .record(z.string().max(100), z.union([z.string().max(MAX_PARAMETER_LENGTH), z.number()]))
  .refine((input) => Object.keys(input).length <= 2 * MAX_PARAMETERS, 'too many parameters');
export type DiagnosticInput = z.infer<typeof DiagnosticInput>;

/** How a number in a column is meant; a cell holds the plain number (bytes, not KiB). */
export const Unit = z.enum(['bytes', 'bytes/s', 'percent', 'ms', 'seconds', 'count']);
export type Unit = z.infer<typeof Unit>;

/** `fraction` is 0…1 when it is known how much is left. */
export const DiagnosticProgress = z.object({
  kind: z.literal('progress'),
  text: line(200),
  fraction: z.number().min(0).max(1).optional(),
});

export const TableColumn = z.object({
  key: z.string().regex(/^[a-z][A-Za-z0-9]{0,29}$/),
  title: line(40),
  /** @default 'left' */
  align: z.enum(['left', 'right']).optional(),
  unit: Unit.optional(),
});
export type TableColumn = z.infer<typeof TableColumn>;

export const TableCell = z.union([z.string().max(MAX_CELL_LENGTH), z.number().finite(), z.null()]);
export type TableCell = z.infer<typeof TableCell>;

/** Rows have exactly one cell per column. `null` means "not known", to be shown as an empty cell or a dash. */
export const DiagnosticTable = z
  .object({
    kind: z.literal('table'),
    title: line(100),
    columns: z.array(TableColumn).min(1).max(MAX_TABLE_COLUMNS),
    rows: z.array(z.array(TableCell).max(MAX_TABLE_COLUMNS)).max(MAX_TABLE_ROWS),
    /** Indices of rows that deserve a look (a disk nearly full, a service that failed). */
    attention: z.array(z.int().min(0)).max(MAX_TABLE_ROWS).optional(),
    /** Rows that existed and were left out to stay within the limits. */
    omitted: z.int().min(0).optional(),
  })
  .refine((table) => table.rows.every((row) => row.length === table.columns.length), 'a row must fill every column')
  .refine((table) => (table.attention ?? []).every((row) => row < table.rows.length), 'attention points at no row');
export type DiagnosticTable = z.infer<typeof DiagnosticTable>;

/** Values are ready to be shown. */
export const DiagnosticFacts = z.object({
  kind: z.literal('facts'),
  title: line(100),
  items: z
    .array(z.object({ label: line(60), value: z.string().max(MAX_CELL_LENGTH), attention: z.boolean().optional() }))
    .max(MAX_FACTS),
});
export type DiagnosticFacts = z.infer<typeof DiagnosticFacts>;

/** Lines end in `\n`. */
export const DiagnosticText = z.object({
  kind: z.literal('text'),
  title: line(100),
  text: z.string().max(MAX_TEXT_LENGTH),
});
export type DiagnosticText = z.infer<typeof DiagnosticText>;

/** One second of the machine's life. Rates are averages since the sample before; sizes in bytes. */
export const DiagnosticSample = z.object({
  kind: z.literal('sample'),
  /** Milliseconds since the Unix epoch, by the machine's clock. */
  time: z.int().nonnegative(),
  cpu: z.object({ total: percent, cores: z.array(percent).max(MAX_CORES) }),
  memory: z.object({ used: amount, total: amount }),
  /** `total` is 0 on a machine without swap. */
  swap: z.object({ used: amount, total: amount }),
  disk: z.object({ readPerSecond: amount, writtenPerSecond: amount }),
  fileSystems: z.array(z.object({ mount: line(200), used: amount, total: amount })).max(MAX_FILE_SYSTEMS),
  network: z.object({ receivedPerSecond: amount, sentPerSecond: amount }),
  /** Load averages of 1, 5 and 15 minutes. */
  load: z.tuple([amount, amount, amount]),
});
export type DiagnosticSample = z.infer<typeof DiagnosticSample>;

/** One thing that a running diagnostic says; tell them apart by `kind`. */
export const DiagnosticOutput = z
  .discriminatedUnion('kind', [DiagnosticProgress, DiagnosticTable, DiagnosticFacts, DiagnosticText, DiagnosticSample])
  .refine(
    (output) => Buffer.byteLength(JSON.stringify(output)) <= MAX_DIAGNOSTIC_OUTPUT_BYTES,
    'the output is larger than one message may be',
  );
export type DiagnosticOutput = z.infer<typeof DiagnosticOutput>;

/** The last word of a run; nothing follows it. `message` is one sentence for people: the gist, or what was missing. */
export const DiagnosticEnd = z.object({
  outcome: z.enum(['done', 'failed', 'cancelled', 'timeout']),
  message: line(300),
  /** Something was left out to stay within the limits. */
  truncated: z.boolean(),
  durationMs: z.int().nonnegative(),
});
export type DiagnosticEnd = z.infer<typeof DiagnosticEnd>;
