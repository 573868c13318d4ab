import { access } from './access/spec.ts';
import { areas } from './area/spec.ts';
import { board } from './board/spec.ts';
import { cases } from './case/spec.ts';
import type { CapabilitySpec } from './core/spec.ts';
import { coverage } from './coverage/spec.ts';
import { dispatch } from './dispatch/spec.ts';
import { entitlement } from './entitlement/spec.ts';
import { health } from './health/spec.ts';
import { helper } from './helper/spec.ts';
import { household } from './household/spec.ts';
import { imports } from './import/spec.ts';
import { life } from './life/spec.ts';
import { list } from './list/spec.ts';
import { measure } from './measure/spec.ts';
import { notice } from './notice/spec.ts';
import { page } from './page/spec.ts';
import { pairing } from './pairing/spec.ts';
import { person } from './person/spec.ts';
import { policy } from './policy/spec.ts';
import { receipt } from './receipt/spec.ts';
import { request } from './request/spec.ts';
import { restore } from './restore/spec.ts';
import { sheetsOf } from './sheet/spec.ts';
import { snapshot } from './snapshot/spec.ts';
import { system } from './system/spec.ts';
import { target } from './target/spec.ts';
import { village } from './village/spec.ts';
import { visit } from './visit/spec.ts';

const registry: readonly CapabilitySpec[] = [
  system,
  areas,
  household,
  life,
  person,
  village,
  helper,
  pairing,
  visit,
  measure,
  health,
  cases,
  notice,
  request,
  imports,
  list,
  board,
  target,
  policy,
  entitlement,
  coverage,
  receipt,
  dispatch,
  access,
  snapshot,
  restore,
  page,
];

/** Every capability, with the spreadsheets of its lists: stacks, OpenAPI and the rights test are drawn from this list. */
export const catalogue: readonly CapabilitySpec[] = [...registry, sheetsOf(registry)];
