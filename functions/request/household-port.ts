import { getDivision } from '../area/table.ts';
import type { HouseholdFile } from '../core/household.ts';
import type { Judged } from '../core/household-right.ts';
import { type Decided, isRefused } from '../core/refusal.ts';
import type { AskedChange } from '../core/request-input.ts';
import * as household from '../household/service.ts';
import { allEvents, findPersons, loadForChange, type Store } from '../household/table.ts';
import { now } from '../lib/clock.ts';
import { idsFrom, newId } from '../lib/id.ts';
import * as life from '../life/service.ts';
import type { Asking, Ports } from './service.ts';

type Direct = Decided<household.Decision | HouseholdFile | life.Decisions>;
type Routes = household.Ports & life.Ports;

/** The route that makes a change decides on it; a kind more is a line more. */
function decideAs(ports: Routes, asking: Asking, change: AskedChange): Direct | Promise<Direct> {
  switch (change.kind) {
    case 'change':
      return household.change(ports, asking, change);
    case 'member-add':
      return household.join(ports, asking, change);
    case 'member-end':
      return household.leave(ports, { ...asking, person: change.personId }, change);
    case 'head':
      return household.head(ports, asking, change);
    case 'strike-off':
      return household.close(ports, asking, change);
    case 'split':
      return life.split(ports, asking, change);
    case 'merger':
      return life.merge(ports, asking, change);
    case 'relocation':
      return life.move(ports, asking, change);
    case 'reinstatement':
      return life.comeBack(ports, asking, change);
  }
}

function isSeveral(
  decided: household.Decision | HouseholdFile | life.Decisions,
): decided is life.Decisions {
  return Array.isArray(decided);
}

/**
 * Ids of what a request brings into being follow from the request, so that its view names the persons who will be; two who approve at once
 * still write events of their own.
 */
function newIdFor(request: string): (kind: string) => string {
  const derived = idsFrom(request);
  return (kind) => (kind === 'ev' ? newId(kind) : derived(kind));
}

/** Decides on changes as the routes of households do. */
export function householdPort(store: Store, areaTable: string): Ports['decide'] {
  return async (asking, change): Promise<Decided<readonly Judged[]>> => {
    const ports: Routes = {
      now,
      newId: newIdFor(asking.request.id),
      load: (actor, asked) => loadForChange(store, actor, asked),
      events: (id) => allEvents(store, id),
      holders: (identities) => findPersons(store, identities),
      division: (code) => getDivision(areaTable, code),
    };
    const decided = await decideAs(ports, asking, change);
    if (isRefused(decided)) return decided;
    if (isSeveral(decided.ok)) return { ok: decided.ok };
    return { ok: 'event' in decided.ok ? [decided.ok] : [] };
  };
}
