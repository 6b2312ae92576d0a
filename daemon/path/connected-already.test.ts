// The person who is asked is told whether the one who asks would be one more person.

import { expect, it } from 'vitest';
import { connectedAlready } from './connected-already.ts';

const [dana, joerg, kim] = ['Dana Roe', 'Jörg Müller', 'Kim Park'].map((name, at) => ({
  name,
  keyFingerprint: `SHA256:${String(at).repeat(43)}`,
})) as [Known, Known, Known];
type Known = Parameters<typeof connectedAlready>[0];

it('says nothing when nobody is connected', () => {
  expect(connectedAlready(dana, [])).toBeNull();
});

it('counts persons by their keys', () => {
  expect(connectedAlready(joerg, [dana])).toBe('Dana Roe is connected already. This would be a second person.');
  expect(connectedAlready(kim, [dana, joerg])).toBe(
    'Dana Roe and Jörg Müller are connected already. This would be one more person.',
  );
  expect(connectedAlready({ ...kim, name: 'Dana Roe' }, [dana])).toContain('This would be a second person.');
});

it('calls nobody a second person who asks once more', () => {
  expect(connectedAlready(dana, [dana])).toBe(
    'Dana Roe is connected already. This would be one more session of theirs.',
  );
  expect(connectedAlready(dana, [joerg, dana, dana])).toBe(
    'Dana Roe and Jörg Müller are connected already. This would be one more session of Dana Roe.',
  );
});
