// Turns what a technician typed into the typed parameters of a diagnostic, or says what is wrong with which one.
//
// This is the gate in front of every argv: a value that passes cannot be taken for an option by any program,
// holds no control character, and is within its bounds.

import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { DiagnosticDescriptor, DiagnosticParameter } from './diagnostics.ts';
import { UsageError } from './errors.ts';
import { nearest } from './nearest-word.ts';

const MAX_HOSTNAME_LENGTH = 253; // RFC 1035 §2.3.4, without the root dot
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i; // RFC 1123 §2.1, and the underscore of Windows networks
const LEGACY_NUMBER = /^(\d+|0x[0-9a-f]*)$/i; // resolvers read such a last label as half an IPv4 address
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

/** A parameter of a diagnostic was refused; `parameter` is its name. */
export class ParameterError extends UsageError {
  readonly parameter: string;

  constructor(parameter: string, problem: string, hint: string) {
    super(problem, hint);
    this.parameter = parameter;
  }
}

/**
 * Checks `input` (own enumerable properties; numbers may be text, as a command line gives them) against the
 * parameters that `descriptor` declares. Defaults are filled in; an optional parameter without one stays absent.
 *
 * @throws ParameterError that names the parameter, what is wrong, and what to do.
 */
export function parseParameters(
  descriptor: Pick<DiagnosticDescriptor, 'id' | 'parameters'>,
  input: Readonly<Record<string, unknown>>,
): Record<string, string | number> {
  const known = descriptor.parameters.map((parameter) => parameter.name);
  for (const name of Object.keys(input)) {
    if (!known.includes(name)) throw unknownParameter(descriptor.id, name, known);
  }
  const parsed: Record<string, string | number> = {};
  for (const parameter of descriptor.parameters) {
    const given = Object.hasOwn(input, parameter.name) ? input[parameter.name] : undefined;
    const value = given === undefined || given === '' ? parameter.default : given;
    if (value !== undefined) parsed[parameter.name] = parseOne(parameter, value);
    else if (parameter.required) {
      throw new ParameterError(parameter.name, `the parameter "${parameter.name}" is missing`, parameter.hint);
    }
  }
  return parsed;
}

function unknownParameter(id: string, name: string, known: readonly string[]): ParameterError {
  const shown = printable(name);
  const suggestion = nearest(name, known);
  const hint =
    suggestion !== undefined
      ? `did you mean "${suggestion}"?`
      : known.length === 0
        ? `"${id}" takes no parameters`
        : `"${id}" takes: ${known.join(', ')}`;
  return new ParameterError(shown, `"${id}" has no parameter "${shown}"`, hint);
}

function parseOne(parameter: DiagnosticParameter, value: unknown): string | number {
  const refuse = (what: string, hint: string = parameter.hint): never => {
    throw new ParameterError(parameter.name, `the parameter "${parameter.name}" ${what}`, hint);
  };
  if (typeof value !== 'string' && typeof value !== 'number') return refuse('must be text or a number');
  switch (parameter.kind) {
    case 'integer':
      return parseInteger(parameter, value, refuse);
    case 'hostname':
      return parseHostname(String(value), refuse);
    case 'choice': {
      const text = String(value);
      if (parameter.choices.includes(text)) return text;
      const suggestion = nearest(text, parameter.choices);
      const choices = `choose one of: ${parameter.choices.join(', ')}`;
      return refuse(
        `cannot be "${printable(text)}"`,
        suggestion === undefined ? choices : `did you mean "${suggestion}"? ${choices}`,
      );
    }
    case 'text': {
      const text = String(value);
      if (text.length > parameter.maxLength) return refuse(`is longer than ${parameter.maxLength} characters`);
      if (UNPRINTABLE.test(text)) return refuse('contains characters that cannot be printed');
      if (text.startsWith('-')) return refuse('must not start with "-"');
      return text;
    }
  }
}

type Refuse = (what: string, hint?: string) => never;

function parseInteger(
  { min, max }: { readonly min: number; readonly max: number },
  value: string | number,
  refuse: Refuse,
): number {
  const number = typeof value === 'number' ? value : /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number)) return refuse('must be a whole number', `a number from ${min} to ${max}`);
  if (number < min || number > max) return refuse(`must be from ${min} to ${max}, not ${number}`);
  return number;
}

/** A DNS name or a literal address, lower case; names in other scripts become their ASCII form (RFC 5891). */
function parseHostname(value: string, refuse: Refuse): string {
  const shown = printable(value);
  if (value.length > MAX_HOSTNAME_LENGTH + 1) return refuse('is too long', `at most ${MAX_HOSTNAME_LENGTH} characters`);
  if (UNPRINTABLE.test(value) || /\s/u.test(value)) {
    return refuse(`cannot be "${shown}"`, 'a host name has no spaces or invisible characters');
  }
  if (value.startsWith('-')) return refuse(`cannot be "${shown}"`, 'a host name does not start with "-"');
  if (isIP(value) !== 0) return value.toLowerCase();
  if (value.includes('/')) return refuse(`cannot be "${shown}"`, 'only the name, without https:// or a path');
  if (value.includes(':')) return refuse(`cannot be "${shown}"`, 'only the name; a port is a parameter of its own');
  // Only names that need it: the conversion also rewrites plain ones (0x7f.1 becomes 127.0.0.1).
  const ascii = /^[\x21-\x7e]+$/.test(value) ? value : domainToASCII(value);
  const name = ascii.endsWith('.') ? ascii.slice(0, -1) : ascii;
  const labels = name.split('.');
  if (name.length > MAX_HOSTNAME_LENGTH || !labels.every((label) => LABEL.test(label))) {
    return refuse(`cannot be "${shown}"`, 'a name like printer.clinic.example or an address like 192.0.2.7');
  }
  if (LEGACY_NUMBER.test(labels.at(-1) ?? '') && isIP(name) === 0) {
    return refuse(`cannot be "${shown}"`, 'an address has four numbers, like 192.0.2.7');
  }
  return name.toLowerCase();
}

/** What was typed, fit to be repeated in an error: short, and nothing in it acts on a terminal. */
function printable(text: string): string {
  const clean = text.slice(0, 60).replace(new RegExp(UNPRINTABLE, 'gu'), '\u{FFFD}');
  return text.length > 60 ? `${clean}…` : clean;
}
