// The order of the test files: those that wait for a clock begin first, so that none of them is waited for at the end.

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Their waiting cannot be shortened: the shortest session is a minute, a login may take twenty seconds. */
const PATIENT = ['test/e2e/time-limit.test.ts', 'test/hostile/connections.test.ts', 'test/hostile/guided.test.ts'];

export class PatientFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isPatient = ({ moduleId }: TestSpecification) => PATIENT.some((name) => moduleId.endsWith(name));
    return [...sorted.filter(isPatient), ...sorted.filter((file) => !isPatient(file))];
  }
}
