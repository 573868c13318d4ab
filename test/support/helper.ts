import type { Helper } from '../../functions/core/helper.ts';
import { type HelperChange, registerHelper } from '../../functions/core/helper-change.ts';
import { nothingYet, type Pairing } from '../../functions/core/pairing.ts';
import { granted } from './build.ts';

/** A context of pairings: a county clerk, ids that count up. */
export function pairingContext(given: { readonly today?: string } = {}) {
  let count = 0;
  return {
    actor: 'clerk',
    at: '2017-10-23T01:00:00.000Z',
    today: '2017-10-23',
    newId: (kind: string) => {
      count += 1;
      return `${kind}_${count}`;
    },
    ...given,
  };
}

/** A helper of the county about whom nothing else is known. */
export function helper(given: Partial<Helper> = {}): Helper {
  const wanted = {
    kind: given.kind ?? 'responsible',
    area: '350122',
    name: '林样本',
    organisation: null,
    post: null,
    contact: null,
    phoneMasked: null,
    sub: null,
    details: given.details ?? {},
  } as const;
  return { ...granted(registerHelper(wanted, pairingContext())).helper, ...given };
}

/** A pairing under way with a household, unless told otherwise. */
export function pairing(given: Partial<Pairing> = {}): Pairing {
  return {
    id: 'pr_1',
    helper: 'hp_1',
    kind: 'responsible',
    subject: { type: 'household', id: 'hh_1' },
    from: '2017-01-01',
    to: null,
    endReason: null,
    successor: null,
    predecessor: null,
    duty: null,
    promised: nothingYet,
    delivered: { moneyFen: 0, projects: 0, jobs: 0, count: 0 },
    source: null,
    version: 1,
    ...given,
  };
}

/** The first version of a helper with a pairing, as a seed of tables writes it. */
export function helperWith(given: Partial<Helper>, about: Partial<Pairing>): HelperChange {
  const own = helper(given);
  const one = pairing({ helper: own.id, kind: own.kind, ...about });
  const count = one.subject.type === 'household' ? { households: 1 } : { villages: 1 };
  const event = {
    id: `ev_${own.id}`,
    helper: own.id,
    version: 1,
    kind: 'registered',
    actor: 'seed',
    at: own.createdAt,
    heldOn: '2017-10-23',
    reason: null,
    source: null,
    pairings: [one.id],
    changes: [],
  } as const;
  return {
    before: undefined,
    helper: { ...own, ...count },
    pairings: [one],
    deliveries: [],
    event: { ...event, pairings: [one.id], changes: [] },
  };
}
