import type { HouseholdFile } from '../../functions/core/household.ts';
import { digestOf, type Measure, type MeasureDigest } from '../../functions/core/measure.ts';
import { NewMeasure } from '../../functions/core/measure-input.ts';
import { shippedModes } from '../../functions/core/measure-mode.ts';
import { type MeasureGround, openMeasure } from '../../functions/core/measure-open.ts';
import { context, granted, registered, wantedMember } from './build.ts';

/** A household of one who can work, born in 1970. */
export function working(facts = {}): HouseholdFile {
  const member = wantedMember({
    id: 'per_a',
    birth: '1970-05-04',
    identity: null,
    facts: { labour: 'ordinary' },
  });
  return registered({ members: [member], facts });
}

let count = 0;

/** Opens a measure as a body asks, on a household of one; industry under the first mode unless told. */
export function tryOpening(given: object = {}, ground: Partial<MeasureGround> = {}) {
  count += 1;
  const industry = { kind: 'industry', mode: 'cooperative', name: '林下养蜂' };
  const body = NewMeasure.parse(
    'kind' in given ? { name: '帮扶', ...given } : { ...industry, ...given },
  );
  const all = {
    ...{ file: working(), measures: [], modes: shippedModes, lastPost: undefined },
    ...{ responsible: undefined, ...ground },
  };
  return openMeasure(body, all, { ...context(), measureId: `ms_${count}` });
}

export function opened(given: object = {}, ground: Partial<MeasureGround> = {}): Measure {
  return granted(tryOpening(given, ground)).measure;
}

/** Why a measure is not opened, and the field it is about; `granted` where it is. */
export function refusedOpening(given: object = {}, ground: Partial<MeasureGround> = {}) {
  const decided = tryOpening(given, ground);
  return 'refused' in decided ? [decided.refused, decided.faults?.[0]?.field] : 'granted';
}

/** A measure of a household under an id, with its event. */
export function openedFor(household: string, id: string) {
  const { measure, event } = granted(tryOpening());
  return { measure: { ...measure, id, household }, event: { ...event, measure: id } };
}

export const loanBody = {
  ...{ kind: 'micro-credit', person: 'per_a', startedOn: '2016-03-01' },
  details: {
    ...{ type: 'loan', bank: '信用社', principalFen: 3_000_000, purpose: 'planting' },
    ...{ grantedOn: '2016-03-01', dueOn: '2018-03-01' },
  },
};
export const postBody = {
  ...{ kind: 'public-post', batch: 'safety-net', person: 'per_a', startedOn: '2017-01-01' },
  details: { type: 'post', post: '保洁员', wageFen: 80_000, insured: true },
};
export const trainingBody = {
  ...{ kind: 'training', batch: 'production', person: 'per_a', startedOn: '2017-05-01' },
  details: { type: 'training', course: '电焊', dayCount: 10 },
};

/** A measure in short, of industry and under way since 2017 unless told. */
export function digest(given: Partial<MeasureDigest> = {}): MeasureDigest {
  return { ...digestOf(opened({ startedOn: '2017-01-01' })), ...given };
}
