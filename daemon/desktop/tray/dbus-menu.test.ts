// What a panel is told about clicks: which of them hit nothing.

import { Variant } from 'dbus-next';
import { expect, it } from 'vitest';
import { DbusMenu } from './dbus-menu.ts';
import type { MenuAction, MenuEntry } from './menu-model.ts';

const HELP: MenuEntry = { kind: 'action', label: 'Get help…', action: { do: 'help' } };
const click = (id: number): [number, string, Variant, number] => [id, 'clicked', new Variant('i', 0), 0];

it('a click on an entry of a former menu does nothing, and that is said; one that makes the menu anew was a hit', () => {
  const done: MenuAction[] = [];
  const menu = new DbusMenu((action) => {
    done.push(action);
    menu.show([HELP]);
  });
  menu.show([HELP]);
  const [, [, , [entry]]] = menu.GetLayout(0, -1, []);
  const id = entry?.value[0] ?? 0;
  expect(menu.EventGroup([click(id)])).toEqual([]);
  expect(done).toEqual([{ do: 'help' }]);
  expect(menu.EventGroup([click(id)])).toEqual([id]);
  expect(done).toHaveLength(1);
});
