import { getDivisions } from '../area/table.ts';
import { commonArea } from '../core/access-log.ts';
import { villageOf } from '../core/household.ts';
import { isRefused, type RefusalCode } from '../core/refusal.ts';
import {
  commit,
  findNumbers,
  findPersons,
  loadFile,
  type Store,
  wroteEvent,
} from '../household/table.ts';
import { type Access, writeAccess } from '../lib/access-log.ts';
import { inLanes } from '../lib/lanes.ts';
import type { Registry } from './registry.ts';

/** Files read at once. */
const LANES = 8;

/** Refusals that say that someone else was there first. */
const overtaken: ReadonlySet<RefusalCode> = new Set([
  'version-stale',
  'household-number-taken',
  'person-elsewhere',
]);

/** The household store, and the divisions households are placed in, as the import sees them. */
export function registryOf(store: Store, areaTable: string): Registry {
  return {
    divisions: (codes) => getDivisions(areaTable, codes),
    byNumber: async (county, numbers) => {
      const ids = [...(await findNumbers(store, county, numbers))];
      const files = await inLanes(ids, LANES, async ([number, id]) => {
        const file = await loadFile(store, id);
        // A number left behind by a household that went to another county stands for nobody here.
        return file?.household.county === county ? [[number, file] as const] : [];
      });
      return new Map(files.flat());
    },
    byId: (id) => loadFile(store, id),
    holders: (identities) => findPersons(store, identities),
    commit: async (before, change) => {
      const committed = await commit(store, { before, ...change });
      if (!isRefused(committed)) return true;
      if (overtaken.has(committed.refused)) return false;
      // Throttled, or too much for one transaction: not the household's doing, so the chunk is left to come again.
      throw new Error(committed.refused);
    },
    wrote: (event) => wroteEvent(store, event),
    refer: async (found, clash) => {
      const other = await loadFile(store, clash.household);
      const there = other ? villageOf(other.household) : clash.village;
      const line: Access = {
        kind: 'person-elsewhere',
        sub: found.uploadedBy,
        role: 'office',
        area: commonArea(clash.village, there) ?? there.slice(0, 2),
        household: clash.household,
        person: clash.person,
        reason: null,
        reference: clash.reference,
        fields: [],
      };
      // A chunk that is matched again writes the same line, not another one.
      const id = clash.reference.replace('ref_', 'log_');
      await writeAccess(store.tables.access, line, { id, at: new Date(found.changedAt) });
    },
  };
}
