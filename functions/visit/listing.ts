import type { Refusal } from '../core/refusal.ts';
import { isRefused } from '../core/refusal.ts';
import { visitRuleOn } from '../core/visit-rule.ts';
import { homesOf } from '../household/table.ts';
import { today } from '../lib/clock.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { pagePorts } from '../list/ports.ts';
import { seek } from '../list/seek.ts';
import { caseloadPages, responsibleFor } from './caseload.ts';
import { type OverduePorts, overdueIn } from './overdue.ts';
import type * as spec from './spec.ts';
import { digestsOf } from './table.ts';

/** Tables that overdue visits are found in. */
export interface OverdueTables {
  readonly care: string;
  readonly household: string;
  readonly list: string;
  readonly summary: string;
  readonly pairing: string;
}

function portsOf({ care, household, pairing }: OverdueTables): OverduePorts {
  return {
    lastVisits: async (households) => {
      const digests = await digestsOf(care, households);
      return new Map([...digests].map(([id, { lastOn }]) => [id, lastOn]));
    },
    entered: async (households) => {
      const homes = await homesOf({ tables: { household } }, households);
      return new Map([...homes].map(([id, { createdAt }]) => [id, createdAt]));
    },
    responsible: (household) => responsibleFor(pairing, household),
    rule: visitRuleOn,
  };
}

/** A page of the households whose visit is overdue, everybody's or those of one helper. */
export async function listOverdue(
  tables: OverdueTables,
  { actor, query }: Pick<Request<typeof spec.overdue>, 'actor' | 'query'>,
): Promise<Answer | Refusal> {
  const { area, helper, cursor, limit, which } = query;
  const day = today();
  const { pairing, household } = tables;
  const pages = pagePorts(tables);
  const store = { tables: { household } };
  const own = helper?.startsWith('hp_') ? helper : undefined;
  const from =
    own === undefined ? pages : await caseloadPages(pages, { table: pairing, store }, own);
  const named =
    own === undefined ? { sought: `visit-${which}`, helper } : { sought: `visit-${which}-${own}` };
  const asked = { actor, area, day, cursor, limit, ...named };
  const ports = portsOf(tables);
  const sought = await seek(from, asked, (rosters) => overdueIn(ports, rosters, { day, which }));
  if (isRefused(sought)) return sought;
  const { rows, ...others } = sought.ok;
  return { body: { area, which, asOf: day, rule: visitRuleOn(day, area), items: rows, ...others } };
}
