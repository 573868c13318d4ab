import * as z from 'zod';
import { type Day, isDay } from './day.ts';
import { type AreaCode, levelOf, liesWithin } from './division.ts';
import { type HelperKind, helperKinds } from './helper.ts';
import type { PairingSubject } from './pairing.ts';
import data from './pairing-rule.json' with { type: 'json' };
import { type Refusal, refuse } from './refusal.ts';
import { ruleInForce } from './rule-scope.ts';

const day = z.string().refine(isDay);
const kind = z.enum(helperKinds);

const KindRule = z.strictObject({
  /** Offices that enter such helpers, pair them and hand their work over. */
  levels: z.array(z.enum(['county', 'town'])).min(1),
  subjects: z.array(z.enum(['household', 'village'])).min(1),
  /** Households one helper may have at a time; null where nothing is said. */
  mostHouseholds: z.int().min(1).nullable(),
});

/** One of the kinds must be there; several covers must all be. */
const Cover = z.strictObject({ id: z.string(), kinds: z.array(kind).min(1) });
export type Cover = z.infer<typeof Cover>;

/** Who may help whom in a place and a time, how many, and by whom a household and a poor village are covered. */
export const PairingRule = z.strictObject({
  version: z.int().min(1),
  validFrom: day,
  validTo: day.nullable(),
  /** Division to which it applies; null for the whole country. */
  scope: z.string().nullable(),
  source: z.string(),
  kinds: z.record(kind, KindRule),
  covers: z.strictObject({ household: z.array(Cover), village: z.array(Cover) }),
});
export type PairingRule = z.infer<typeof PairingRule>;

const rules: readonly PairingRule[] = z.array(PairingRule).parse(data);

/** The rule in force in a place on a day, a county's own before that of the country; the first one where a day lies before all. */
export function pairingRuleOn(
  on: Day,
  place: AreaCode,
  all: readonly PairingRule[] = rules,
): PairingRule {
  const rule = ruleInForce(all, on, place) ?? all[0];
  if (!rule) throw new Error('no rule for pairings');
  return rule;
}

/** Whether helpers of the kind are paired with such a subject. Refusals: pairing-kind. */
export function refuseKind(
  rule: PairingRule,
  of: HelperKind,
  subject: PairingSubject['type'],
): Refusal | undefined {
  if (rule.kinds[of].subjects.includes(subject)) return undefined;
  const kinds = helperKinds.filter((one) => rule.kinds[one].subjects.includes(subject));
  return refuse('pairing-kind', { kind: of, field: subject, state: kinds.join('、') });
}

/** Whether one more household, or several, are too many. Refusals: pairing-over-limit. */
export function refuseLimit(
  rule: PairingRule,
  { kind: of, households }: { readonly kind: HelperKind; readonly households: number },
  more: number,
): Refusal | undefined {
  const limit = rule.kinds[of].mostHouseholds;
  if (limit === null || more === 0 || households + more <= limit) return undefined;
  return refuse('pairing-over-limit', { kind: of, limit, count: households, more });
}

/** Whether offices of the areas keep and pair such helpers in a place. Refusals: helper-above-right. */
export function refuseLevel(
  rule: PairingRule,
  of: HelperKind,
  at: { readonly areas: readonly AreaCode[]; readonly place: AreaCode },
): Refusal | undefined {
  const { levels } = rule.kinds[of];
  const isKeeper = at.areas.some((area) => {
    const level = levelOf(area);
    return liesWithin(at.place, area) && levels.some((one) => one === level);
  });
  return isKeeper
    ? undefined
    : refuse('helper-above-right', { kind: of, levels: levels.join('、') });
}

/** The covers that are lacking where helpers of these kinds help. */
export function coversLacking(
  covers: readonly Cover[],
  kinds: readonly HelperKind[],
): readonly string[] {
  return covers
    .filter((one) => !one.kinds.some((need) => kinds.includes(need)))
    .map(({ id }) => id);
}
