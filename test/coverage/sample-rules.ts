import {
  type Case,
  type CoverageRules,
  coverageRules,
} from '../../functions/core/coverage-shard.ts';
import { rulesOf } from '../../functions/core/entitlement.ts';
import type { Household } from '../../functions/core/household.ts';
import { compileRules } from '../../functions/core/policy-compile.ts';
import { groundOf } from '../../functions/core/policy-ground.ts';
import { inForce } from '../../functions/coverage/rules.ts';
import { SAMPLE_COUNTY, SAMPLE_DAY } from '../support/sample.ts';
import { sampleItems, sampleLines } from '../support/sample-policy.ts';
import { policyItem } from './item.ts';

const enacted = { actor: 'office', at: '2016-01-01T00:00:00.000Z', reason: '发布', order: null };
const items = sampleItems.map((item) => policyItem({ ...item }));
const lines = sampleLines.map((line) => ({ ...line, area: SAMPLE_COUNTY, version: 1, enacted }));

/** What is in force in the sample county at its day. */
export const sampleForce = inForce({ documents: [], items, lines }, SAMPLE_COUNTY, SAMPLE_DAY);

export const sampleRules: CoverageRules = coverageRules({
  ...sampleForce,
  area: SAMPLE_COUNTY,
  day: SAMPLE_DAY,
  program: compileRules(rulesOf(sampleForce.items), sampleForce.lines),
});

/** A household of the sample as an evaluation takes it. */
export function caseOf(household: Household): Case {
  return {
    ground: groundOf({ household, village: undefined }, SAMPLE_DAY),
    receipts: [],
    births: household.members.map(({ birth }) => birth),
  };
}
