import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HouseholdFile } from '../../functions/core/household.ts';
import type { HouseholdChange } from '../../functions/core/household-event.ts';
import { registerHousehold } from '../../functions/core/household-register.ts';
import type { WantedHousehold } from '../../functions/core/household-wanted.ts';
import { commit, type Store } from '../../functions/household/table.ts';
import { newId } from '../../functions/lib/id.ts';
import { dataKeys } from '../../functions/lib/keys.ts';
import { fileWrapper } from '../../functions/lib/keys-file.ts';
import { lookupKeys } from '../../functions/lib/keys-lookup.ts';
import { context, granted, wantedHousehold } from './build.ts';
import type { Tables } from './database.ts';

export const keyFile = join(mkdtempSync(join(tmpdir(), 'store-')), 'master');

/** The household store of a test: real tables, the key file of stage local. */
export function storeOf({ household, identity, access }: Tables): Store {
  const wrapper = fileWrapper(keyFile);
  return {
    tables: { household, identity, access },
    keys: dataKeys(identity, wrapper),
    lookup: lookupKeys(identity, wrapper),
  };
}

/** A context whose ids are unique across test files and workers. */
export function doing(given: Parameters<typeof context>[0] = {}) {
  return context({ newId, at: new Date().toISOString(), ...given });
}

/** Registers a household in the store. */
export async function settle(
  store: Store,
  given: Partial<WantedHousehold> = {},
): Promise<HouseholdFile> {
  const change = granted(registerHousehold(wantedHousehold(given), '2016-01-01', doing()));
  granted(await commit(store, { before: undefined, ...change }));
  return change.next;
}

/** Writes a decided change on top of the file it was decided on. */
export function write(store: Store, before: HouseholdFile, change: HouseholdChange | undefined) {
  if (!change) throw new Error('nothing to write');
  return commit(store, { before, ...change });
}
