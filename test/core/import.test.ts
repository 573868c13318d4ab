import { describe, expect, test } from 'vitest';
import type { Actor } from '../../functions/core/access.ts';
import {
  addTally,
  areaOfUpload,
  decide,
  emptyTally,
  type Import,
  KEPT_DAYS,
  listedUnder,
  mayHandle,
  mayInspect,
  outcomes,
  sumOf,
  tallyOf,
} from '../../functions/core/import.ts';
import {
  type PlannedEntry,
  planned,
  tallyEntries,
  withLate,
} from '../../functions/core/import-entry.ts';
import { systemYearBefore } from '../../functions/core/import-note.ts';
import { Grouping, MAX_ROWS_A_GROUP, Twice } from '../../functions/core/import-stage.ts';
import { entryView, importView } from '../../functions/core/import-view.ts';

const now = new Date('2017-10-24T00:00:00Z');
const clerk: Actor = { sub: 'clerk', role: 'office', areas: ['350122101'] };
const office: Actor = { sub: 'office', role: 'office', areas: ['350122'] };

function anImport(given: Partial<Import> = {}): Import {
  return {
    id: 'imp_1',
    version: 1,
    kind: 'registry',
    state: 'planned',
    fileName: 'a.xlsx',
    size: 1,
    area: '350122101',
    uploadedBy: 'clerk',
    createdAt: '2017-10-23T00:00:00.000Z',
    changedAt: '2017-10-23T00:00:00.000Z',
    heldOn: '2017-10-23',
    heldOnGiven: false,
    plan: 'p1',
    ...given,
  };
}

describe('whose area an upload is for', () => {
  test('the only area of the uploader, unless she names one inside it', () => {
    expect(areaOfUpload(clerk, undefined)).toEqual({ ok: '350122101' });
    expect(areaOfUpload(office, '350122101')).toEqual({ ok: '350122101' });
  });

  test('who has several must name one; places outside do not exist', () => {
    const several = { ...office, areas: ['350122101', '350122102'] };
    expect(areaOfUpload(several, undefined)).toMatchObject({ refused: 'request-invalid' });
    expect(areaOfUpload(clerk, '350122102')).toEqual({ refused: 'not-found' });
    expect(areaOfUpload({ ...clerk, areas: ['3'] }, '35')).toEqual({ refused: 'not-found' });
    expect(areaOfUpload({ ...clerk, areas: ['35'] }, '350')).toEqual({ refused: 'not-found' });
  });

  test('an import is listed under its county and every place above', () => {
    expect(listedUnder('350122101')).toEqual(['350122', '3501', '35']);
    expect(listedUnder('35')).toEqual(['35']);
  });
});

describe('deciding on a plan', () => {
  test('another person than the uploader approves, and only the plan that was looked at', () => {
    expect(decide(anImport(), office, { now, plan: 'p1' })).toEqual({ ok: 'decide' });
    expect(decide(anImport(), clerk, { now, plan: 'p1' })).toEqual({
      refused: 'import-same-person',
    });
    expect(decide(anImport(), office, { now, plan: 'p2' })).toEqual({
      refused: 'import-plan-changed',
    });
  });

  test('the uploader may withdraw what she uploaded', () => {
    expect(decide(anImport(), clerk, { now })).toEqual({ ok: 'decide' });
  });

  test.each(['awaiting', 'reading', 'matching', 'unreadable'] as const)(
    'an import that is %s cannot be decided on',
    (state) => {
      const refused = { refused: 'import-not-ready', values: { state } };
      expect(decide(anImport({ state }), office, { now, plan: 'p1' })).toEqual(refused);
    },
  );

  test('a decision said twice by the same person is heard once, and not turned round', () => {
    const approved = anImport({ state: 'applying', decidedBy: 'office' });
    expect(decide(approved, office, { now, plan: 'p1' })).toEqual({ ok: 'decided' });
    expect(decide(approved, office, { now, plan: 'p2' })).toEqual({
      refused: 'import-plan-changed',
    });
    expect(decide(approved, office, { now })).toMatchObject({ refused: 'import-not-ready' });
    expect(decide(approved, { ...office, sub: 'other' }, { now, plan: 'p1' })).toMatchObject({
      refused: 'import-not-ready',
    });
    const rejected = anImport({ state: 'rejected', decidedBy: 'office' });
    expect(decide(rejected, office, { now })).toEqual({ ok: 'decided' });
  });

  test('rows can be looked at once the plan is sealed', () => {
    expect(mayInspect(anImport(), now)).toEqual({ ok: anImport() });
    const { plan: _, ...early } = anImport({ state: 'matching' });
    expect(mayInspect(early, now)).toMatchObject({ refused: 'import-not-ready' });
  });

  test('neither looked at nor approved once its file and plan are taken away, but still rejected', () => {
    const found = anImport();
    const later = (days: number) => new Date(Date.parse(found.createdAt) + days * 86_400_000);
    const gone = { refused: 'import-expired', values: { days: KEPT_DAYS } };
    expect(mayInspect(found, later(KEPT_DAYS - 0.01))).toEqual({ ok: found });
    expect(mayInspect(found, later(KEPT_DAYS))).toEqual(gone);
    const asked = (days: number) => ({ now: later(days), plan: 'p1' });
    // Whoever approves leaves a day for applying it.
    expect(decide(found, office, asked(KEPT_DAYS - 1.01))).toEqual({ ok: 'decide' });
    expect(decide(found, office, asked(KEPT_DAYS - 1))).toEqual(gone);
    expect(decide(found, office, { now: later(KEPT_DAYS) })).toEqual({ ok: 'decide' });
    const applied = anImport({ state: 'applied', decidedBy: 'office' });
    expect(decide(applied, office, asked(KEPT_DAYS))).toEqual({ ok: 'decided' });
  });
});

describe('counting', () => {
  const entry = (outcome: PlannedEntry['outcome'], rows: number[]): PlannedEntry =>
    planned(
      {
        key: outcome,
        label: '',
        place: '',
        rows: rows.map((row) => ({ sheet: '台账', row, cells: [] })),
        faults: [],
      },
      { outcome },
    );

  test('rows and entries of every outcome add up', () => {
    const all = outcomes.map((outcome, place) => ({ outcome, rows: place + 1 }));
    const tally = tallyOf(all);
    expect(sumOf(tally.entries)).toBe(all.length);
    expect(sumOf(tally.rows)).toBe(all.reduce((sum, one) => sum + one.rows, 0));
    expect(addTally(tally, emptyTally)).toEqual(tally);
    expect(sumOf(addTally(tally, tally).rows)).toBe(2 * sumOf(tally.rows));
  });

  test('an entry that had changed meanwhile is counted and shown as a conflict', () => {
    const entries = [entry('new', [5, 6]), entry('changed', [7])];
    const late = withLate(entries, [1]);
    expect(tallyEntries(late).entries).toMatchObject({ new: 1, changed: 0, conflicting: 1 });
    expect(late[1]?.faults).toEqual([{ code: 'household-changed-meanwhile' }]);
    expect(
      planned({ key: '', label: '', place: '', rows: [], faults: [] }, { outcome: 'new' }).sheet,
    ).toBe('');
  });

  test('an import shows its counts, its progress and why its file was refused', () => {
    const counts = tallyEntries([entry('new', [5, 6]), entry('refused', [7])]);
    const whole = anImport({ chunks: 4, counts, applied: counts, fault: { code: 'file-empty' } });
    const view = importView(whole, { done: 1, tally: emptyTally });
    expect(view.progress).toEqual({ done: 1, of: 4 });
    expect(view.counts).toMatchObject({
      rows: 3,
      new: 2,
      refused: 1,
      entries: { total: 2, new: 1 },
    });
    expect(view.applied).toEqual(view.counts);
    expect(view.fault?.reason.zh).toMatch(/\p{Script=Han}/u);
    const early = importView(anImport(), { done: 0, tally: emptyTally });
    expect(early).not.toHaveProperty('progress');
    expect(early).not.toHaveProperty('counts');
  });

  test('an entry shows what is worth knowing to offices, not to departments', () => {
    const remarked = {
      ...entry('new', [5]),
      remarks: [{ code: 'receipt-person-died' as const }],
      changes: [{ field: 'amountFen', person: null, before: 1, after: 2 }],
    };
    expect(entryView(remarked, 'department')).toMatchObject({
      remarks: [],
      changes: [{ before: null, after: 2 }],
    });
    expect(entryView(remarked, 'office').changes).toMatchObject([{ before: 1 }]);
    expect(entryView(remarked, 'office').remarks).toMatchObject([{ code: 'receipt-person-died' }]);
  });

  test('an entry shows its reasons in both languages', () => {
    const faulty = {
      ...entry('refused', [5]),
      faults: [{ code: 'head-missing' as const, row: 5 }],
    };
    expect(entryView(faulty, 'office').faults[0]).toMatchObject({ row: 5, code: 'head-missing' });
    expect(entryView(faulty, 'office').faults[0]?.reason.en).toContain('head');
  });
});

describe('a department', () => {
  const department = { sub: 'education', role: 'department', areas: ['350122'] } as const;
  const own = { kind: 'receipts', uploadedBy: 'education' } as const;

  test('has to do with what it paid and uploaded itself, and with nothing else', () => {
    expect(mayHandle(department, own)).toBe(true);
    expect(mayHandle(department, { kind: 'receipts' })).toBe(true);
    expect(mayHandle(department, { ...own, uploadedBy: 'health' })).toBe(false);
    expect(mayHandle(department, { ...own, kind: 'registry' })).toBe(false);
    expect(mayHandle({ ...department, role: 'office' }, { ...own, kind: 'registry' })).toBe(true);
  });
});

describe('the system year of incomes', () => {
  test.each([
    ['2017-10-23', '2016-10-01', '2017-09-30'],
    ['2017-10-01', '2016-10-01', '2017-09-30'],
    ['2017-09-30', '2015-10-01', '2016-09-30'],
  ])('on %s the last one that was over ran from %s to %s', (heldOn, from, to) => {
    expect(systemYearBefore(heldOn)).toEqual({ from, to });
  });
});

describe('bringing rows together', () => {
  test('rows of one number are one group, however scattered', () => {
    const grouping = new Grouping();
    const groups = ['a', 'b', 'a', 'b'].map((key) => grouping.place(key, true));
    expect(groups).toEqual([0, 1, 0, 1]);
  });

  test('rows without a number belong to the head above, where the sheet writes it there only', () => {
    const grouping = new Grouping();
    expect(grouping.place('a', true)).toBe(0);
    expect(grouping.place('', false)).toBe(0);
    expect(grouping.place('b', true)).toBe(1);
    expect(grouping.mayInherit).toBe(true);
  });

  test('in a sheet that writes the number on every row, a row without is on its own account', () => {
    const grouping = new Grouping();
    grouping.place('a', true);
    grouping.place('a', false);
    expect(grouping.mayInherit).toBe(false);
  });

  test('a head without a number, and a row before any head, stand alone', () => {
    const grouping = new Grouping();
    expect(grouping.place('', false)).toBe(0);
    expect(grouping.place('a', true)).toBe(1);
    expect(grouping.place('', true)).toBe(2);
    expect(grouping.place('', false)).toBe(3);
  });

  test('a number on more rows than any household has comes apart and is known for it', () => {
    const grouping = new Grouping();
    const groups = Array.from({ length: MAX_ROWS_A_GROUP + 1 }, () => grouping.place('a', false));
    expect(new Set(groups).size).toBe(2);
    expect(grouping.isTooLarge('a')).toBe(true);
    expect(grouping.isTooLarge('b')).toBe(false);
  });

  test('a person met twice names the other places', () => {
    const twice = new Twice();
    for (const place of ['5', '9', '12']) twice.meet('somebody', place);
    twice.meet('nobody else', '6');
    expect(twice.others('somebody', '9')).toBe('5、12');
    expect(twice.others('nobody else', '6')).toBeUndefined();
  });

  test('a person met on very many rows names a few and counts the rest, whichever row asks', () => {
    const twice = new Twice();
    const places = Array.from({ length: 10_000 }, (_, at) => String(at + 5));
    for (const place of places) twice.meet('somebody', place);
    for (const place of places) {
      const told = twice.others('somebody', place) ?? '';
      const [named = '', left] = told.split('…+');
      const rows = named.split('、');
      expect(rows.length).toBeLessThanOrEqual(5);
      expect(rows).not.toContain(place);
      expect(rows.length + Number(left) + 1).toBe(places.length);
    }
  });
});
