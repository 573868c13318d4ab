import type { Day } from '../core/day.ts';
import { healthRuleOn } from '../core/health-rule.ts';
import { listsOf, memberHealth } from '../core/health-view.ts';
import { isRefused, type Refusal } from '../core/refusal.ts';
import type { MemberDigest, Roster } from '../core/roster.ts';
import { today } from '../lib/clock.ts';
import { batchGet } from '../lib/dynamo.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { Named } from '../list/frozen-source.ts';
import { pagePorts } from '../list/ports.ts';
import { type Find, seek } from '../list/seek.ts';
import type * as spec from './spec.ts';
import { recordsOf } from './table.ts';

/** Tables that persons are found in. */
export interface HealthTables {
  readonly care: string;
  readonly household: string;
  readonly list: string;
  readonly summary: string;
}

type Asked = Request<typeof spec.persons>['query']['which'];

/** Members of a hundred households that stand in a list, with their names. */
async function personsIn(
  tables: HealthTables,
  rosters: readonly Roster[],
  { which, day }: { readonly which: Asked; readonly day: Day },
) {
  const all = rosters.flatMap((roster) => roster.members.map((member) => ({ roster, member })));
  const records = await recordsOf(
    tables.care,
    all.map(({ member }) => member.id),
  );
  const found = all.filter(({ roster, member }) => {
    const rule = healthRuleOn(day, roster.village);
    return listsOf(member.familyDoctor, records.get(member.id), { day, rule }).includes(which);
  });
  const names = await namesOf(tables.household, found);
  return found.map(({ roster, member }) => {
    const rule = healthRuleOn(day, roster.village);
    const named = { ...member, name: names.get(member.id) ?? '' };
    const health = memberHealth(named, records.get(member.id), { day, rule, mayKnow: false });
    return findOf(roster, health);
  });
}

function findOf(roster: Roster, health: ReturnType<typeof memberHealth>) {
  const { id, number, headName, village } = roster;
  const { person, name, doctor, contracts, lastFollowUp, followUp } = health;
  const row = {
    person: { id: person, name, href: `/households/${id}/health` },
    household: { id, number, headName, village, href: `/households/${id}` },
    ...{ doctor, contractTo: contracts.at(-1)?.to ?? null, lastFollowUp, followUp },
  };
  return { household: id, row } satisfies Find<typeof row>;
}

async function namesOf(
  table: string,
  found: readonly { readonly roster: Roster; readonly member: MemberDigest }[],
): Promise<ReadonlyMap<string, string>> {
  const keys = found.map(({ roster, member }) => ({ pk: `H#${roster.id}`, sk: `1#${member.id}` }));
  const named = (await batchGet(table, keys)).map((item) => Named.parse(item));
  return new Map(named.map(({ id, name }) => [id, name]));
}

/** A page of persons by how their contract, file and follow-ups stand. */
export async function listPersons(
  tables: HealthTables,
  { actor, query }: Pick<Request<typeof spec.persons>, 'actor' | 'query'>,
): Promise<Answer | Refusal> {
  const { area, which, cursor, limit } = query;
  const day = today();
  const asked = { actor, area, day, sought: `health-${which}`, cursor, limit };
  const find = (rosters: readonly Roster[]) => personsIn(tables, rosters, { which, day });
  const sought = await seek(pagePorts(tables), asked, find);
  if (isRefused(sought)) return sought;
  const { rows, ...others } = sought.ok;
  return { body: { area, which, asOf: day, items: rows, ...others } };
}
