import { describe, expect, it } from 'vitest';
import {
  type FormState,
  focused,
  formItems,
  formProblems,
  formValues,
  goOn,
  moveFocus,
  refused,
  shownProblems,
  startForm,
  toggle,
  typeInto,
} from './connect-form.ts';

const checks = {
  checkAddress: (address: string) => (address.includes(' ') ? 'an address has no spaces' : null),
  checkCode: (code: string) => (code === 'bad' ? 'a code looks like 27-harbor-violet' : null),
};

const type = (state: FormState, text: string) =>
  [...text].reduce((form, character) => typeInto(form, { name: character, text: character }) ?? form, state);

const filled = () =>
  startForm({ address: '482913077', code: '', reason: 'printer', ticket: 'T-1', scopes: ['diagnostics'] }, [
    'diagnostics',
    'shell',
  ]);

describe('the connect form', () => {
  it('starts at the first empty field, with the least scope ticked', () => {
    const state = startForm({ address: 'x' }, ['diagnostics', 'shell']);
    expect(focused(state)).toEqual({ kind: 'text', field: 'code' });
    expect(state.scopes).toEqual(['diagnostics']);
  });

  it('has ticked what the technician always asks for, as far as it is offered', () => {
    expect(startForm({}, ['diagnostics', 'shell'], ['shell', 'screen.view']).scopes).toEqual(['shell']);
    expect(startForm({ scopes: ['diagnostics'] }, ['diagnostics', 'shell'], ['shell']).scopes).toEqual(['diagnostics']);
  });

  it('goes to the first field that is missing when it cannot be sent', () => {
    let state = startForm({ address: 'host', reason: 'printer', scopes: ['diagnostics'] }, ['diagnostics', 'shell']);
    while (focused(state).kind !== 'submit') state = moveFocus(state, 1);
    const sent = refused(state, formProblems(state, checks));
    expect(focused(sent)).toEqual({ kind: 'text', field: 'ticket' });
    expect(sent.tried).toBe(true);
    const none = { ...filled(), scopes: [], focus: 6 };
    expect(focused(refused(none, formProblems(none, checks)))).toEqual({ kind: 'scope', scope: 'diagnostics' });
  });

  it('takes what is typed and ticked', () => {
    let state = type(startForm({}, ['diagnostics', 'shell']), 'host');
    while (focused(state).kind !== 'scope') state = moveFocus(state, 1);
    state = toggle(moveFocus(state, 1));
    expect(formValues(state)).toMatchObject({ address: 'host', scopes: ['diagnostics', 'shell'] });
    expect(formValues(toggle(state)).scopes).toEqual(['diagnostics']);
  });

  it('goes round', () => {
    const state = startForm({}, ['diagnostics']);
    expect(focused(moveFocus(state, -1))).toEqual({ kind: 'submit' });
    expect(focused(moveFocus(moveFocus(state, -1), 1))).toEqual({ kind: 'text', field: 'address' });
    expect(formItems(state)).toHaveLength(6);
  });

  it('needs an address, a reason, a ticket and a scope; the code may come later', () => {
    expect(formProblems(filled(), checks)).toEqual({});
    const empty = startForm({ scopes: [] }, ['shell']);
    expect(Object.keys(formProblems(empty, checks)).sort()).toEqual(['address', 'reason', 'scopes', 'ticket']);
    expect(formProblems(startForm({ address: 'a b', code: 'bad' }, []), checks)).toMatchObject({
      address: 'an address has no spaces',
      code: 'a code looks like 27-harbor-violet',
    });
  });

  it('stays at a code that cannot be one, so that the next one typed does not land in the reason', () => {
    let state = startForm({ address: 'host' }, ['shell']);
    state = goOn(type(state, 'bad'), formProblems(type(state, 'bad'), checks));
    expect(focused(state)).toEqual({ kind: 'text', field: 'code' });
    expect(shownProblems(state, formProblems(state, checks))).toEqual({ code: 'a code looks like 27-harbor-violet' });
    state = type(state, 'ger');
    expect(shownProblems(state, { code: 'x' })).toEqual({});
    expect(focused(goOn(state, formProblems(state, checks)))).toEqual({ kind: 'text', field: 'reason' });
  });

  it('says what is wrong only after a field was left, or a try', () => {
    const fresh = startForm({}, ['shell']);
    const problems = formProblems(fresh, checks);
    expect(shownProblems(fresh, problems)).toEqual({});
    expect(Object.keys(shownProblems(moveFocus(fresh, 1), problems))).toEqual(['address']);
    expect(Object.keys(shownProblems({ ...fresh, tried: true }, problems)).sort()).toEqual([
      'address',
      'reason',
      'ticket',
    ]);
  });
});
