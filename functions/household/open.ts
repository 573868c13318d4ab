import * as z from 'zod';
import { dataKeys, houseWrapper } from '../lib/keys.ts';
import { lookupKeys } from '../lib/keys-lookup.ts';
import type { Store } from './write.ts';

/** Where a function's environment names the tables of the store. */
export const storeEnv = {
  HOUSEHOLD_TABLE: z.string(),
  IDENTITY_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
};

/** The store of this deployment: data keys and lookup key as the environment says. */
export function openStore(names: Readonly<Record<keyof typeof storeEnv, string>>): Store {
  const { HOUSEHOLD_TABLE: household, IDENTITY_TABLE: identity, ACCESS_TABLE: access } = names;
  const wrapper = houseWrapper();
  return {
    tables: { household, identity, access },
    keys: dataKeys(identity, wrapper),
    lookup: lookupKeys(identity, wrapper),
  };
}
