import { describe, expect, it } from 'vitest';
import type { DiagnosticDescriptor } from '../../protocol/diagnostics.ts';
import { unstyled } from '../../protocol/terminal/sgr.ts';
import {
  checkParameters,
  editParameter,
  moveParameter,
  type ParameterForm,
  parameterRows,
  startParameters,
} from './parameter-form.ts';

const reach: DiagnosticDescriptor = {
  id: 'reach',
  title: 'Reach a host',
  purpose: 'Whether another computer answers.',
  risk: 'low',
  platforms: ['linux'],
  timeoutMs: 10_000,
  streams: false,
  parameters: [
    { kind: 'hostname', name: 'host', title: 'Host', required: true, hint: 'a name or an address' },
    {
      kind: 'choice',
      name: 'family',
      title: 'Address family',
      required: false,
      hint: '',
      choices: ['any', '4', '6'],
      default: 'any',
    },
  ],
};

const type = (form: ParameterForm, ...names: string[]) =>
  names.reduce((state, name) => editParameter(state, { name, text: name.length === 1 ? name : '' }) ?? state, form);

describe('the parameters of a diagnostic', () => {
  it('are typed, chosen and checked before anything is sent', () => {
    let form = type(startParameters(reach), 'h', '-', '1');
    form = type(moveParameter(form, 1), 'right');
    expect(checkParameters(form)).toEqual({ host: 'h-1', family: '4' });
  });

  it('say what is wrong, where', () => {
    const checked = checkParameters(moveParameter(type(startParameters(reach), '-', 'x'), 1));
    expect(checked).toMatchObject({ focus: 0, problem: { parameter: 'host' } });
    const rows = parameterRows(checked as ParameterForm, 80).map(unstyled);
    expect(rows[2]).toMatch(/cannot be "-x"/);
    expect(parameterRows(type(checked as ParameterForm, 'y'), 80)).toHaveLength(6);
  });
});
