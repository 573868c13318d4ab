import * as z from 'zod';
import { areaResolver, getDivisions } from '../area/table.ts';
import { careSheet, loanSheet, measureSheet } from '../core/sheet-care.ts';
import { caseloadSheet, gapSheet, helperSheet, overdueSheet } from '../core/sheet-help.ts';
import { householdSheet, personSheet } from '../core/sheet-household.ts';
import { entitlementSheet, namesSheet } from '../core/sheet-policy.ts';
import { answerNames, namesPorts } from '../coverage/listing.ts';
import { listCoverage } from '../coverage/spec.ts';
import { listEntitlements } from '../entitlement/listing.ts';
import { entitlements } from '../entitlement/spec.ts';
import { listPersons as listCare } from '../health/listing.ts';
import { persons as careRoute } from '../health/spec.ts';
import { helperGround, listGaps, listHelpers, showHelper } from '../helper/listing.ts';
import * as helper from '../helper/spec.ts';
import { homesOf } from '../household/table.ts';
import { env } from '../lib/env.ts';
import { api } from '../lib/http.ts';
import { type PageAsked, sheetsBy } from '../lib/sheet-list.ts';
import { listings } from '../list/listing.ts';
import { listHouseholdsRoute, listPersonsRoute } from '../list/spec.ts';
import { modesFor } from '../measure/former.ts';
import { listLoans, listMeasures } from '../measure/listing.ts';
import { listRoute, loansRoute } from '../measure/spec.ts';
import { listOverdue } from '../visit/listing.ts';
import { overdue } from '../visit/spec.ts';

const settings = env({
  HOUSEHOLD_TABLE: z.string(),
  LIST_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  PAIRING_TABLE: z.string(),
  CARE_TABLE: z.string(),
  POLICY_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  BUCKET: z.string(),
});
const tables = {
  ...{ household: settings.HOUSEHOLD_TABLE, list: settings.LIST_TABLE },
  ...{ summary: settings.SUMMARY_TABLE, area: settings.AREA_TABLE, job: settings.JOB_TABLE },
  ...{ pairing: settings.PAIRING_TABLE, care: settings.CARE_TABLE, policy: settings.POLICY_TABLE },
};

const sheet = sheetsBy({
  bucket: settings.BUCKET,
  access: settings.ACCESS_TABLE,
  places: async (codes) => {
    const divisions = await getDivisions(tables.area, codes);
    return new Map([...divisions].map(([code, { name }]) => [code, name]));
  },
  home: async (household) => {
    const homes = await homesOf({ tables }, [household]);
    return homes.get(household)?.village;
  },
  modes: async (area, language) => {
    const { list } = await modesFor(tables, area);
    return new Map(list.modes.map((mode) => [mode.code, mode[language]]));
  },
});

const register = listings(tables, settings.BUCKET);
const help = helperGround(tables);
const names = namesPorts(tables);

/** The request of a list with the page of it that is asked for. */
function at<R extends { readonly query: object }>(request: R, page: PageAsked) {
  return { ...request, query: { ...request.query, cursor: undefined, ...page } };
}

export const handler = api(
  [
    sheet(listHouseholdsRoute, householdSheet, (asked, page) =>
      register.households(at(asked, page)),
    ),
    sheet(listPersonsRoute, personSheet, (asked, page) => register.persons(at(asked, page))),
    sheet(helper.list, helperSheet, (asked, page) => listHelpers(help, at(asked, page))),
    sheet(helper.read, caseloadSheet, (asked) => showHelper(help, asked)),
    sheet(helper.gaps, gapSheet, (asked) => listGaps(help, asked, Number.POSITIVE_INFINITY)),
    sheet(overdue, overdueSheet, (asked, page) => listOverdue(tables, at(asked, page))),
    sheet(listRoute, measureSheet, (asked, page) => listMeasures(tables, at(asked, page))),
    sheet(loansRoute, loanSheet, (asked, page) => listLoans(tables, at(asked, page))),
    sheet(careRoute, careSheet, (asked, page) => listCare(tables, at(asked, page))),
    sheet(listCoverage, namesSheet, (asked, page) => answerNames(names, at(asked, page))),
    sheet(entitlements, entitlementSheet, (asked) => listEntitlements(tables, asked)),
  ],
  { resolve: areaResolver(tables.area) },
);
