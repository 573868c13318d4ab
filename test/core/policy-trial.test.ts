import { describe, expect, it } from 'vitest';
import {
  hangsOnReceipts,
  isCovered,
  mayHaveReceived,
  type Trial,
  TrialBody,
  trialOf,
  tryOn,
} from '../../functions/core/policy-trial.ts';
import { inOrder, trialResult } from '../../functions/core/policy-trial-view.ts';
import { granted, registered } from '../support/build.ts';
import { benefit, policyDocument, policyItem, policyLine } from '../support/policy-item.ts';

const home = { subject: 'household', benefit: benefit({ unit: 'household' }) } as const;
const first = policyItem({ ...home, exclusions: ['second'] });
const second = policyItem({ ...home, id: 'second' });
const third = policyItem({ ...home, id: 'third', exclusions: ['second'] });
const apart = policyItem({ ...home, id: 'apart' });
const known = {
  documents: [policyDocument()],
  items: [first, second, third, apart],
  lines: [policyLine()],
};

function trialWith(given: object, id = 'edu-grant', items = known.items) {
  const body = TrialBody.parse({ area: '350122', ...given });
  return trialOf({ ...known, items }, { id, day: '2017-10-23', body });
}
const ids = (trial: Trial, side: 'before' | 'after') =>
  trial[side].items.map(({ id }) => id).toSorted();

describe('what a trial looks at', () => {
  it('is the item with all that exclude each other with it, and so on', () => {
    const trial = granted(trialWith({ ends: true }));
    expect(ids(trial, 'before')).toEqual(['edu-grant', 'second', 'third']);
    expect(ids(trial, 'after')).toEqual(['second', 'third']);
    expect(ids(granted(trialWith({ ends: true }, 'apart')), 'before')).toEqual(['apart']);
  });

  it('is every item that names the line, also in what says that it was served', () => {
    const low = { fact: 'household.netIncomeFen', op: 'below', value: { line: 'dibao' } } as const;
    const items = [...known.items, { ...apart, id: 'by-line', receivedWhen: low }];
    const trial = granted(trialWith({ line: { id: 'dibao', fen: 1 } }, 'apart', items));
    expect(ids(trial, 'after')).toEqual(['apart', 'by-line']);
    expect([trial.before.lines.dibao, trial.after.lines.dibao]).toEqual([384_000, 1]);
  });

  it('may be an item that is in force no longer, or not yet', () => {
    const wide = { ...apart, id: 'later', area: '35', validFrom: '2018-01-01' };
    const items = [{ ...wide, area: '350122', version: 2 }, wide, { ...wide, area: '350122' }];
    const trial = granted(trialWith({ changes: { validFrom: '2017-01-01' } }, 'later', items));
    expect([ids(trial, 'before'), ids(trial, 'after')]).toEqual([[], ['later']]);
    expect(trialWith({ ends: true }, 'nobody')).toEqual({ refused: 'not-found' });
  });
});

describe('an item that has ended', () => {
  const over = policyItem({ ...home, version: 2, validFrom: '2017-01-01', ended: true });
  const line = { id: 'dibao', fen: 1 };

  it('does not come back by a trial of a line', () => {
    const trial = granted(trialWith({ line }, 'edu-grant', [over]));
    expect([ids(trial, 'before'), ids(trial, 'after')]).toEqual([[], []]);
  });

  it('may be tried again, changed', () => {
    const trial = granted(trialWith({ changes: { note: '恢复' } }, 'edu-grant', [over]));
    expect(ids(trial, 'after')).toEqual(['edu-grant']);
  });
});

describe('the outcome for a household', () => {
  const { household } = registered({ facts: { type: 'low-income' } });
  const ground = { household: { 'household.type': 'low-income' }, persons: [], village: {} };
  const given = { ground, receipts: [], day: '2017-10-23', place: '350122101' };
  const outcome = (given2: object, id?: string, items = known.items) =>
    tryOn(granted(trialWith(given2, id, items)), given);
  const amount = (amountFen: number | null) => ({
    changes: { benefit: benefit({ unit: 'household', amountFen }) },
  });

  it('names what is gained, lost, raised and lowered', () => {
    const kinds = (given2: object, items = known.items) =>
      outcome(given2, 'apart', items).changes.map(({ kind }) => kind);
    expect(kinds(amount(300_000))).toEqual(['raised']);
    expect(kinds(amount(100_000))).toEqual(['lowered']);
    expect(kinds(amount(null))).toEqual(['lowered']);
    expect(kinds(amount(200_000))).toEqual([]);
    expect(kinds({ ends: true })).toEqual(['lost']);
    const unknown = { fact: 'household.waterSafe', op: 'is', value: true };
    expect(kinds({ changes: { condition: unknown } })).toEqual(['unsettled']);
    const open = policyItem({
      ...apart,
      condition: { fact: 'household.waterSafe', op: 'is', value: true },
    });
    expect(kinds({ changes: { condition: first.condition } }, [open])).toEqual(['settled']);
    expect(kinds({ ends: true }, [open])).toEqual([]);
    const no = policyItem({
      ...apart,
      condition: { fact: 'household.type', op: 'is', value: 'general' },
    });
    expect(kinds({ changes: { condition: first.condition } }, [no])).toEqual(['gained']);
    expect(kinds({ changes: { condition: unknown } }, [no])).toEqual([]);
  });

  it('says of how many an amount hangs on a fact that nobody recorded', () => {
    const mu = benefit({ unit: 'mu', amountFact: 'household.farmlandMu' });
    const changes = { benefit: { ...mu, amountFen: 300_000 } };
    const by = policyItem({ ...apart, benefit: mu });
    const on = { village: '350122101201', facts: {}, members: [] };
    const one = { household, on, outcome: outcome({ changes }, 'apart', [by]) };
    expect(trialResult([one], { limit: 10, after: undefined })).toMatchObject({
      before: { households: 1, unpricedHouseholds: 1, fen: 0 },
      after: { households: 1, unpricedHouseholds: 1, fen: 0 },
    });
  });

  it('is added up with everybody of the household where it is the household’s', () => {
    const members = household.members.map((member) => ({ member, facts: {} }));
    const on = { village: '350122101201', facts: {}, members: [...members, ...members] };
    const one = { household, on, outcome: outcome({ ends: true }, 'apart') };
    const still = {
      ...one,
      on: { ...on, village: '350122101202' },
      outcome: outcome(amount(200_000), 'apart'),
    };
    expect(inOrder(one, still)).toBe(-1);
    expect(inOrder(still, one)).toBe(1);
    const result = trialResult([one, still], { limit: 10, after: undefined });
    expect(result).toMatchObject({
      looked: 2,
      before: { households: 2, persons: 4, fen: 400_000 },
      lost: { households: 1, persons: 2, fen: 200_000 },
      unchanged: { households: 1, persons: 2 },
      who: [{ headName: '', changes: [{ person: null, kind: 'lost' }] }],
    });
    expect(trialResult([one], { limit: 10, after: '350122101201.zzz' }).who).toEqual([]);
  });
});

describe('receipts', () => {
  const given = {
    ground: { household: { 'household.type': 'low-income' }, persons: [], village: {} },
    day: '2017-10-23',
    place: '350122101',
  };
  const hangs = (trial: Trial) => hangsOnReceipts(trial, given);
  const trialOver = (items: (typeof known)['items'], id = 'apart') =>
    granted(trialWith({ ends: true }, id, items));

  it('decide nothing where each item is had by itself, period by period', () => {
    expect(hangs(trialOver([apart]))).toBe(false);
  });

  it('decide where two items that may both be had exclude each other, on either side', () => {
    expect(hangs(trialOver([first, second], 'second'))).toBe(true);
    const back = { ...second, validTo: '2016-12-31' };
    const open = granted(trialWith({ changes: { validTo: null } }, 'second', [first, back]));
    expect(hangs(open)).toBe(true);
  });

  it('decide nothing for who may have but one of the two', () => {
    const never = { fact: 'household.type', op: 'is', value: 'general' } as const;
    const items = [first, { ...second, condition: never }];
    expect(hangs(trialOver(items, 'second'))).toBe(false);
  });

  it('decide what is had once in a lifetime', () => {
    const once = { ...apart, benefit: benefit({ unit: 'household', period: 'once' }) };
    expect(hangs(trialOver([once]))).toBe(true);
  });

  it('are told of by coverage where the trial leaves items and their periods as they are', () => {
    expect(isCovered(trialOver([first, second], 'second'))).toBe(true);
    const monthly = { benefit: benefit({ unit: 'household', period: 'month' }) };
    expect(isCovered(granted(trialWith({ changes: monthly }, 'apart', [apart])))).toBe(false);
    const over = { ...apart, validTo: '2016-12-31' };
    expect(isCovered(granted(trialWith({ changes: { validTo: null } }, 'apart', [over])))).toBe(
      false,
    );
  });

  it('are read of who received one of the items, or of whom that is not known', () => {
    const trial = trialOver([apart]);
    const found = (item: string, outcome: 'missed' | 'received' | 'unknown', receivedFen = 0) =>
      mayHaveReceived(trial, [{ item, person: -1, outcome, dueFen: 1, receivedFen }]);
    expect(mayHaveReceived(trial, [])).toBe(false);
    expect(found('apart', 'missed')).toBe(false);
    expect(found('apart', 'missed', 1)).toBe(true);
    expect(found('apart', 'unknown')).toBe(true);
    expect(found('apart', 'received')).toBe(true);
    expect(found('second', 'received')).toBe(false);
  });
});
