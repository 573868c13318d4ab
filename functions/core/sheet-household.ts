import type * as z from 'zod';
import type { Met } from './guarantee.ts';
import {
  HouseholdList,
  type HouseholdRow as HouseholdShape,
  PersonList,
  type PersonRow as PersonShape,
} from './list-view.ts';
import { columnsOf, listing } from './sheet.ts';

type HouseholdRow = z.infer<typeof HouseholdShape>;
type PersonRow = z.infer<typeof PersonShape>;

const household = columnsOf<HouseholdRow>();
const person = columnsOf<PersonRow>();

/** Guarantees that stand in a list by one answer. */
function guaranteesThat(answer: Met) {
  return ({ guarantees }: HouseholdRow) =>
    Object.entries(guarantees).flatMap(([name, met]) => (met === answer ? [name] : []));
}

/** Households by what boards count: those nobody answers for and those with a cause that no measure matches among them. */
export const householdSheet = listing(HouseholdList, {
  title: { zh: '农户名单', en: 'Households' },
  about: ({ area, asOf }) => ({ area, asOf }),
  rows: ({ items }) => items,
  columns: [
    ...household.placed(({ village }) => village),
    household.text('householdNumber', ({ number }) => number),
    household.text('headName', ({ headName }) => headName),
    household.count('persons', ({ persons }) => persons),
    household.labels('status', 'status', ({ status }) => [status]),
    household.labels('type', 'type', ({ type }) => [type]),
    household.labels('mainCause', 'cause', ({ mainCause }) => [mainCause]),
    household.labels('otherCauses', 'cause', ({ otherCauses }) => otherCauses),
    household.labels('measures', 'measure', ({ measures }) => measures),
    household.count('identifiedYear', ({ identifiedYear }) => identifiedYear),
    household.count('planYear', ({ planYear }) => planYear),
    household.count('exitYear', ({ exitYear }) => exitYear),
    household.yuan('netPerPerson', ({ netPerPersonFen }) => netPerPersonFen),
    household.labels('lacking', 'guarantee', guaranteesThat('not-met')),
    household.labels('untold', 'guarantee', guaranteesThat('unknown')),
  ],
});

/** Persons under their masked numbers; how healthy they are is not for a sheet that is carried about. */
export const personSheet = listing(PersonList, {
  title: { zh: '人员名单', en: 'Persons' },
  about: ({ area, asOf }) => ({ area, asOf }),
  rows: ({ items }) => items,
  columns: [
    ...person.placed(({ household }) => household.village),
    person.text('householdNumber', ({ household }) => household.number),
    person.text('headName', ({ household }) => household.headName),
    person.text('personName', ({ name }) => name),
    person.labels('sex', 'sex', ({ sex }) => [sex]),
    person.count('birthYear', ({ birthYear }) => birthYear),
    person.text('identityNumber', ({ identityMasked }) => identityMasked),
    person.labels('relation', 'relation', ({ relation }) => [relation]),
    person.labels('nation', 'nation', ({ nation }) => [nation]),
    person.labels('school', 'school', ({ school }) => [school]),
    person.labels('labour', 'labour', ({ labour }) => [labour]),
    person.labels('workRegion', 'workRegion', ({ workRegion }) => [workRegion]),
    person.count('workMonths', ({ workMonths }) => workMonths),
  ],
});
