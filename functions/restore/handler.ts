import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { env } from '../lib/env.ts';
import { log } from '../lib/log.ts';
import { addCounts, type Counts, modes, noCounts } from './plan.ts';
import { restorable } from './rule.ts';
import { restoreSegment, type SegmentReport } from './service.ts';
import { restoredPrefix } from './spec.ts';
import { isThere, portsOf } from './table.ts';

/** What the operator asks for. Without `segment`, all segments are worked on side by side. */
const Event = z.strictObject({
  from: z.string().min(3).max(255),
  to: z.enum(restorable),
  mode: z.enum(modes),
  segments: z.int().min(1).max(64).default(4),
  segment: z.int().nonnegative().optional(),
});

/** Time left to finish the page at hand and save the place, ms. */
const MARGIN_MS = 20_000;

const Environment = {
  STAGE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  IDENTITY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  TARGET_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  CASE_TABLE: z.string(),
  PAIRING_TABLE: z.string(),
  POLICY_TABLE: z.string(),
  CARE_TABLE: z.string(),
};

export interface Report {
  readonly state: SegmentReport['state'];
  readonly segments: readonly SegmentReport['state'][];
  readonly counts: Counts;
}

/** Puts rows back until done or out of time; called again with the same event it goes on where it was. */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<Report | Refusal> {
  const order = orderOf(event);
  if (isRefused(order)) return order;
  const { from, to, mode, segments, segment } = order.ok;
  const { STAGE, ...tables } = env(Environment);
  if (!from.startsWith(restoredPrefix(STAGE)) || !(await isThere(from)))
    return refuse('restore-table-unknown', { prefix: restoredPrefix(STAGE) });
  const live = {
    household: tables.HOUSEHOLD_TABLE,
    identity: tables.IDENTITY_TABLE,
    area: tables.AREA_TABLE,
    job: tables.JOB_TABLE,
    access: tables.ACCESS_TABLE,
    target: tables.TARGET_TABLE,
    summary: tables.SUMMARY_TABLE,
    case: tables.CASE_TABLE,
    pairing: tables.PAIRING_TABLE,
    policy: tables.POLICY_TABLE,
    care: tables.CARE_TABLE,
  };
  const chosen =
    segment === undefined ? Array.from({ length: segments }, (_, index) => index) : [segment];
  const settled = await Promise.allSettled(
    chosen.map((index) => {
      const ports = portsOf({
        from,
        to: live[to],
        household: live.household,
        jobs: live.job,
        job: ['restore', from, to, mode, segments].join('#'),
        index,
        count: segments,
        isLate: () => context.getRemainingTimeInMillis() < MARGIN_MS,
      });
      return restoreSegment({ to, mode }, ports);
    }),
  );
  // A fault in one segment stops the others neither half-way nor for good: the next call goes on with all of them.
  const reports = settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  const report = sumUp(reports);
  log.info('restore', { table: to, mode, state: report.state, ...report.counts });
  return report;
}

function orderOf(event: unknown): Decided<z.infer<typeof Event>> {
  const parsed = Event.safeParse(event);
  if (!parsed.success)
    return {
      ...refuse('request-invalid'),
      faults: parsed.error.issues.map(({ path, code }) => ({
        field: path.join('.'),
        code: 'field-invalid',
        values: { field: path.join('.'), reason: code },
      })),
    };
  const { segment, segments } = parsed.data;
  if (segment !== undefined && segment >= segments) return refuse('request-invalid');
  return { ok: parsed.data };
}

function sumUp(reports: readonly SegmentReport[]): Report {
  const states = reports.map(({ state }) => state);
  const state = states.find((one) => one !== 'done') ?? 'done';
  return {
    state,
    segments: states,
    counts: reports.reduce((sum, { counts }) => addCounts(sum, counts), noCounts),
  };
}
