import type { Coverage } from '../core/coverage.ts';
import { figuresView, isCurrent, itemIn, itemView, listsOf } from '../core/coverage-view.ts';
import type { Day } from '../core/day.ts';
import { type AreaCode, levelOf } from '../core/division.ts';
import type { PolicyItem } from '../core/policy.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { CoverageRow } from './item.ts';

export interface InForce {
  readonly items: readonly PolicyItem[];
  readonly mark: string;
}

export interface CoveragePorts {
  /** What is in force in an area today. */
  inForce(area: AreaCode): Promise<InForce>;
  coverage(area: AreaCode): Promise<CoverageRow | undefined>;
  coverages(area: AreaCode): Promise<readonly CoverageRow[]>;
  names(codes: readonly AreaCode[]): Promise<ReadonlyMap<AreaCode, { readonly name: string }>>;
  today(): Day;
}

function standOf(
  ports: CoveragePorts,
  area: AreaCode,
  by: { readonly coverage: Coverage | undefined; readonly mark: string },
) {
  const { coverage, mark } = by;
  const today = ports.today();
  const rules = levelOf(area) === 'province' || levelOf(area) === 'city' ? undefined : mark;
  return {
    area,
    asOf: today,
    households: coverage?.households ?? 0,
    persons: coverage?.persons ?? 0,
    isCurrent: isCurrent(coverage, { today, rules }),
  };
}

/** Every item in force in an area, with its figures there. Items that single counties of a city or province have of their own are theirs to show. */
export async function showAll(ports: CoveragePorts, area: AreaCode) {
  const [{ items, mark }, row] = await Promise.all([ports.inForce(area), ports.coverage(area)]);
  const coverage = row?.coverage;
  return {
    ...standOf(ports, area, { coverage, mark }),
    items: items.map((item) => ({
      item: itemView(item),
      figures: figuresView(item, itemIn(coverage, item.id)),
    })),
  };
}

/** The item of an id in force in an area, with the mark of what is. Refusals: not-found. */
export async function find(
  ports: CoveragePorts,
  area: AreaCode,
  id: string,
): Promise<{ readonly item: PolicyItem; readonly mark: string } | Refusal> {
  const { items, mark } = await ports.inForce(area);
  const item = items.find((one) => one.id === id);
  return item ? { item, mark } : refuse('not-found');
}

/** One item in an area and its parts. Refusals: not-found (none of that id is in force there). */
export async function showItem(
  ports: CoveragePorts,
  { area, id }: { readonly area: AreaCode; readonly id: string },
) {
  const found = await find(ports, area, id);
  if ('refused' in found) return found;
  const { item, mark } = found;
  const [own, parts] = await Promise.all([ports.coverage(area), ports.coverages(area)]);
  const names = await ports.names(parts.map((part) => part.area));
  return {
    ...standOf(ports, area, { coverage: own?.coverage, mark }),
    item: itemView(item),
    figures: figuresView(item, itemIn(own?.coverage, id)),
    lists: listsOf(area, id),
    parts: parts.map((part) => ({
      area: part.area,
      ...names.get(part.area),
      figures: figuresView(item, itemIn(part.coverage, id)),
    })),
  };
}
