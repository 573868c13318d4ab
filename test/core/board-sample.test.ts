import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { boardOf } from '../../functions/core/board.ts';
import { type CodeListName, labelOf } from '../../functions/core/code-list.ts';
import { liesWithin } from '../../functions/core/division.ts';
import { addTallies, countVillage, type Tally } from '../../functions/core/figure.ts';
import type { Roster, VillageProfile } from '../../functions/core/roster.ts';
import { SAMPLE_COUNTY, SAMPLE_DAY, sampleProfiles, sampleRosters } from '../support/sample.ts';

const pair = z.object({ households: z.number(), persons: z.number() });
const pairs = z.record(z.string(), pair);
const counts = z.record(z.string(), z.number());
const area = z.object({
  code: z.string(),
  households: z.number(),
  persons: z.number(),
  exitedHouseholds: z.number(),
  exitedPersons: z.number(),
  unexitedHouseholds: z.number(),
  unexitedPersons: z.number(),
});
const Expected = z.object({
  totals: area.omit({ code: true }).extend({
    villagesWithHouseholds: z.number(),
    poorVillages: z.number(),
    inPoorVillages: z.object({ households: z.number(), persons: z.number() }),
  }),
  byTown: z.array(area),
  byVillage: z.array(area),
  byStatus: pairs,
  byExitYear: pairs,
  byPlanYearUnexited: pairs,
  byIdentifiedYear: pairs,
  byHouseholdType: pairs,
  byMainCause: pairs,
  byOtherCauseHouseholds: counts,
  byMeasure: pairs,
  byHouseholdSize: counts,
  persons: z.looseObject({
    bySex: counts,
    byNation: counts,
    byPolitics: counts,
    byAgeOnAsOf: counts,
    byHealthValue: counts,
    byLabour: counts,
    byEducation: counts,
    bySchool: counts,
    byWorkRegion: counts,
    byRelation: counts,
    workMonths: z.number(),
  }),
  guarantees: z.object({
    householdsMet: counts,
    householdsAllMet: z.number(),
    persons: counts,
  }),
  income: z.looseObject({
    wages: z.number(),
    farm: z.number(),
    property: z.number(),
    transfer: z.number(),
    cost: z.number(),
    net: z.number(),
    perCapitaAll: z.number(),
    householdsBelow2952: pair,
  }),
  villages: z.looseObject({
    passPerCriterion: z.record(z.string(), z.object({ pass: z.number(), fail: z.number() })),
    passAll: z.number(),
  }),
});

const expected = Expected.parse(JSON.parse(readFileSync('sample/expected.json', 'utf8')));
let rosters: ReadonlyMap<string, readonly Roster[]>;
let profiles: ReadonlyMap<string, VillageProfile>;
let villages: ReadonlyMap<string, Tally>;

beforeAll(async () => {
  rosters = await sampleRosters();
  profiles = await sampleProfiles();
  villages = new Map(
    [...new Set([...rosters.keys(), ...profiles.keys()])].map((village) => [
      village,
      countVillage(rosters.get(village) ?? [], profiles.get(village), SAMPLE_DAY),
    ]),
  );
});

function tallyOf(code: string): Tally {
  return addTallies(
    [...villages].flatMap(([village, tally]) => (liesWithin(village, code) ? [tally] : [])),
  );
}

function board(code: string) {
  return boardOf({ area: { code }, tally: tallyOf(code), today: SAMPLE_DAY, children: [] });
}

const Breakdown = z.record(
  z.string(),
  z.looseObject({ households: z.number().optional(), persons: z.number() }),
);

/** Figures of a breakdown by Chinese label, zeros left out, as the ledgers' model counts them. */
function labelled(name: string, list: CodeListName | undefined, unit: 'households' | 'persons') {
  const shown = Breakdown.parse(
    Object.entries(board(SAMPLE_COUNTY)).find(([key]) => key === name)?.[1],
  );
  return Object.fromEntries(
    Object.entries(shown)
      .map(([code, figure]) => [
        code === 'unknown' ? '(空)' : list ? labelOf(list, code, 'zh') : code,
        figure[unit] ?? 0,
      ])
      .filter(([, amount]) => amount !== 0),
  );
}

function present(figures: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(figures).filter(([, amount]) => amount !== 0));
}

function unitOf(
  figures: Readonly<Record<string, z.infer<typeof pair>>>,
  unit: 'households' | 'persons',
) {
  return present(
    Object.fromEntries(Object.entries(figures).map(([code, figure]) => [code, figure[unit]])),
  );
}

describe('the board of the sample county says what its ledgers say', () => {
  it('headline: registered, exited, unexited, and the share of persons in percent', () => {
    const { totals } = expected;
    const shown = board(SAMPLE_COUNTY);
    expect(shown.households).toMatchObject({
      registered: totals.households,
      exited: totals.exitedHouseholds,
      unexited: totals.unexitedHouseholds,
    });
    expect(shown.persons).toMatchObject({
      registered: totals.persons,
      exited: totals.exitedPersons,
      unexited: totals.unexitedPersons,
    });
    const percent = ((100 * totals.exitedPersons) / totals.persons).toFixed(1);
    expect(String(shown.shares.exitedPersons)).toBe(percent);
    expect(shown.asOf).toBe(SAMPLE_DAY);
  });

  it('every town and village', () => {
    for (const place of [...expected.byTown, ...expected.byVillage]) {
      const { households, persons } = board(place.code);
      expect([households.registered, persons.registered]).toEqual([
        place.households,
        place.persons,
      ]);
      expect([households.exited, persons.exited]).toEqual([
        place.exitedHouseholds,
        place.exitedPersons,
      ]);
      expect([households.unexited, persons.unexited]).toEqual([
        place.unexitedHouseholds,
        place.unexitedPersons,
      ]);
    }
  });

  it.each([
    ['byStatus', 'status', expected.byStatus],
    ['byExitYear', undefined, expected.byExitYear],
    ['byPlanYear', undefined, expected.byPlanYearUnexited],
    ['byIdentifiedYear', undefined, expected.byIdentifiedYear],
    ['byType', 'type', expected.byHouseholdType],
    ['byCause', 'cause', expected.byMainCause],
    ['byMeasure', 'measure', expected.byMeasure],
  ] as const)('households and their persons %s', (name, list, model) => {
    for (const unit of ['households', 'persons'] as const)
      expect(labelled(name, list, unit)).toEqual(unitOf(model, unit));
  });

  it('households by other cause and by size', () => {
    expect(labelled('byOtherCause', 'cause', 'households')).toEqual(
      present(expected.byOtherCauseHouseholds),
    );
    expect(labelled('bySize', undefined, 'households')).toEqual(present(expected.byHouseholdSize));
  });

  it.each([
    ['bySex', 'sex', expected.persons.bySex],
    ['byNation', 'nation', expected.persons.byNation],
    ['byPolitics', 'politics', expected.persons.byPolitics],
    ['byAgeBand', undefined, expected.persons.byAgeOnAsOf],
    ['byHealth', 'health', expected.persons.byHealthValue],
    ['byLabour', 'labour', expected.persons.byLabour],
    ['byEducation', 'education', expected.persons.byEducation],
    ['bySchool', 'school', expected.persons.bySchool],
    ['byWorkRegion', 'workRegion', expected.persons.byWorkRegion],
    ['byRelation', 'relation', expected.persons.byRelation],
  ] as const)('persons %s', (name, list, model) => {
    expect(labelled(name, list, 'persons')).toEqual(present(model));
  });

  it('guarantees of households and persons', () => {
    const { guarantees } = board(SAMPLE_COUNTY);
    const met = Object.fromEntries(
      Object.entries(guarantees.households).map(([code, answers]) => [
        code === 'family-doctor' ? 'familyDoctor' : code,
        answers.met && 'households' in answers.met ? answers.met.households : 0,
      ]),
    );
    const { householdsMet, householdsAllMet, persons } = expected.guarantees;
    expect(met).toEqual({ ...householdsMet, all: householdsAllMet });
    const covered = Object.values(guarantees.persons).map((answers) => answers.yes?.persons);
    expect(covered).toEqual([
      persons.compulsoryAge,
      persons.compulsoryAgeInSchool,
      persons.basicMedical,
      persons.seriousIllnessInsurance,
      persons.familyDoctor,
      persons.pension,
    ]);
  });

  it('income by source, net income, and who lies below the line', () => {
    const { income, workMonths } = board(SAMPLE_COUNTY);
    const model = expected.income;
    expect(income).toMatchObject({
      wagesFen: model.wages * 100,
      businessFen: model.farm * 100,
      propertyFen: model.property * 100,
      transferFen: model.transfer * 100,
      businessCostFen: model.cost * 100,
      netFen: model.net * 100,
      netPerPersonFen: Math.round(model.perCapitaAll * 100),
    });
    expect(workMonths).toBe(expected.persons.workMonths);
    for (const unit of ['households', 'persons'] as const)
      expect(labelled('byBelowLine', undefined, unit).yes).toBe(model.householdsBelow2952[unit]);
  });

  it('poor villages, and how many meet each criterion of exit', () => {
    const { villages: shown } = board(SAMPLE_COUNTY);
    expect(shown).toMatchObject({
      withHouseholds: expected.totals.villagesWithHouseholds,
      poor: expected.totals.poorVillages,
      passing: expected.villages.passAll,
    });
    const criteria = Object.entries(expected.villages.passPerCriterion).map(([code, model]) => [
      code,
      { met: { villages: model.pass }, 'not-met': { villages: model.fail } },
    ]);
    expect(shown).toMatchObject({ criteria: Object.fromEntries(criteria) });
    for (const unit of ['households', 'persons'] as const)
      expect(labelled('byPoorVillage', undefined, unit).yes).toBe(
        expected.totals.inPoorVillages[unit],
      );
  });
});
