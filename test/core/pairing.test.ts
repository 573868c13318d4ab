import { describe, expect, it } from 'vitest';
import { creditCheck, readCreditCode } from '../../functions/core/credit-code.ts';
import type { Helper } from '../../functions/core/helper.ts';
import { changeHelper, endHelper, registerHelper } from '../../functions/core/helper-change.ts';
import { assignHelpers, strikeOff } from '../../functions/core/household-close.ts';
import { type Delivery, nothingYet, type Pairing } from '../../functions/core/pairing.ts';
import {
  beginPairing,
  changePairing,
  correctDelivery,
  deliver,
  endPairing,
  fileAfter,
  pairedWith,
} from '../../functions/core/pairing-change.ts';
import { helpHousehold } from '../../functions/core/pairing-household.ts';
import {
  coversLacking,
  pairingRuleOn,
  refuseKind,
  refuseLevel,
  refuseLimit,
} from '../../functions/core/pairing-rule.ts';
import { summaryOf, totalsOf } from '../../functions/core/pairing-total.ts';
import { context, granted, registered } from '../support/build.ts';
import { helper, pairing, pairingContext } from '../support/helper.ts';

const TODAY = '2017-10-23';
const rule = pairingRuleOn(TODAY, '350122');
const doing = pairingContext();
const ground = { rule, context: doing, present: (code: string) => code };
const village = (code: string) => ({ type: 'village', code }) as const;
const household = (id = 'hh_1') => ({ type: 'household', id }) as const;
const order = (given: object = {}) => ({
  ...{ subject: household(), from: '2017-01-01', duty: null, promised: nothingYet },
  ...given,
});
const money = (moneyFen: number) => ({ ...nothingYet, moneyFen });

describe('a credit code', () => {
  it('is right where its check sign is, however it is typed', () => {
    expect(readCreditCode(' ９１350199563191437m ')).toEqual({ ok: '91350199563191437M' });
    // The check sums to nought.
    expect(creditCheck('0'.repeat(17))).toBe('0');
  });

  it.each(['91350199563191437A', '9135019956319143', '9135019956319143OM', '91350199563I91437M'])(
    '%s is none',
    (text) => expect(readCreditCode(text)).toEqual({ refused: 'credit-code-invalid' }),
  );
});

describe('the rule of pairings', () => {
  it('says who is paired with what, and how many households one has', () => {
    expect(refuseKind(rule, 'responsible', 'household')).toBeUndefined();
    expect(refuseKind(rule, 'strong-village', 'household')).toMatchObject({
      refused: 'pairing-kind',
      values: { state: 'leader、department、responsible' },
    });
    const five = { kind: 'responsible', households: 5 } as const;
    expect(refuseLimit(rule, five, 1)).toMatchObject({ values: { limit: 5, count: 5, more: 1 } });
    expect(refuseLimit(rule, five, 0)).toBeUndefined();
    expect(refuseLimit(rule, { kind: 'leader', households: 50 }, 1)).toBeUndefined();
    expect(refuseLimit(rule, { ...five, households: 4 }, 1)).toBeUndefined();
  });

  it('says which offices keep a kind, each in its own place', () => {
    const at = (area: string, place = '350122101') => ({ areas: [area], place });
    expect(refuseLevel(rule, 'leader', at('350122'))).toBeUndefined();
    expect(refuseLevel(rule, 'leader', at('350122101'))).toMatchObject({
      refused: 'helper-above-right',
    });
    expect(refuseLevel(rule, 'responsible', at('350122101'))).toBeUndefined();
    expect(refuseLevel(rule, 'responsible', at('350122102'))).toBeDefined();
  });

  it('of a county goes before that of the country, and a day before all is judged by the first', () => {
    const own = { ...rule, scope: '350122', version: 7 };
    expect(pairingRuleOn(TODAY, '350122101201', [rule, own]).version).toBe(7);
    expect(pairingRuleOn('1990-01-01', '350122', [own]).version).toBe(7);
    expect(() => pairingRuleOn(TODAY, '350122', [])).toThrow('no rule');
  });

  it('tells which covers are lacking', () => {
    expect(coversLacking(rule.covers.village, ['enterprise'])).toEqual([
      'one-of-four',
      'resident-team',
    ]);
    expect(coversLacking(rule.covers.household, ['responsible'])).toEqual([]);
  });
});

describe('a helper', () => {
  const wanted = {
    kind: 'responsible',
    area: '350122',
    name: '林样本',
    organisation: null,
    post: null,
    contact: '某某',
    phoneMasked: null,
    sub: null,
    details: {},
  } as const;

  it('that is a person speaks for itself; an organisation has somebody who does', () => {
    expect(granted(registerHelper(wanted, doing)).helper.contact).toBeNull();
    const office = granted(registerHelper({ ...wanted, kind: 'department' }, doing)).helper;
    expect(office).toMatchObject({ contact: '某某', version: 1, households: 0 });
    const person = granted(registerHelper(wanted, doing)).helper;
    expect(granted(changeHelper(person, { contact: '某某' }, doing))).toBeUndefined();
    expect(granted(changeHelper(office, { contact: '陈某' }, doing))?.helper.contact).toBe('陈某');
  });

  it('that is a strong village has a code', () => {
    const strong = { ...wanted, kind: 'strong-village' } as const;
    const refused = { refused: 'value-missing', values: { field: 'village' } };
    expect(registerHelper(strong, doing)).toEqual(refused);
    const known = helper({ kind: 'strong-village', details: { village: '350122101201' } });
    expect(changeHelper({ ...known, details: {} }, { post: '书记' }, doing)).toEqual(refused);
  });

  it('is changed where something is new, a phone that looks the same included', () => {
    const known = helper({ phoneMasked: '100******59', details: { level: '市级' } });
    expect(granted(changeHelper(known, { name: known.name }, doing))).toBeUndefined();
    expect(granted(changeHelper(known, {}, doing))).toBeUndefined();
    const changed = granted(
      changeHelper(known, { details: { level: '省级', trade: '茶叶' }, reason: '升级' }, doing),
    );
    expect(changed?.event).toMatchObject({
      version: 2,
      reason: '升级',
      changes: [
        { field: 'level', before: '市级', after: '省级' },
        { field: 'trade', before: null, after: '茶叶' },
      ],
    });
    const masked = { phoneMasked: '100******59', isPhoneNew: true };
    const hidden = granted(changeHelper(known, masked, doing));
    expect(hidden?.event.changes).toEqual([
      { field: 'phone', before: '100******59', after: '100******59' },
    ]);
    const seen = granted(
      changeHelper(known, { phoneMasked: '100******60', isPhoneNew: true }, doing),
    );
    expect(seen?.event.changes).toHaveLength(1);
  });

  it('ends once, when it helps nobody any more, and not tomorrow', () => {
    const end = { on: '2017-06-01', reason: '退休' };
    expect(granted(endHelper(helper(), end, doing)).helper).toMatchObject({
      endedOn: '2017-06-01',
      version: 2,
    });
    const gone = helper({ endedOn: '2017-01-01' });
    expect(endHelper(gone, end, doing)).toMatchObject({ refused: 'helper-ended' });
    expect(changeHelper(gone, { name: '新' }, doing)).toMatchObject({ refused: 'helper-ended' });
    expect(endHelper(helper({ villages: 1 }), end, doing)).toMatchObject({
      refused: 'helper-still-paired',
    });
    expect(endHelper(helper(), { ...end, on: '2099-01-01' }, doing)).toMatchObject({
      refused: 'date-future',
    });
  });
});

/** A file of a helper with pairings. */
const file = (own: Partial<Helper> = {}, ...pairings: readonly Pairing[]) => ({
  helper: helper(own),
  pairings,
});

describe('a pairing', () => {
  it('begins, counts, and may take the place of another', () => {
    const begun = granted(beginPairing(file(), order({ predecessor: 'pr_0', id: 'pr_9' }), ground));
    expect(begun.helper).toMatchObject({ households: 1, villages: 0, version: 2 });
    expect(begun.pairings).toMatchObject([
      { id: 'pr_9', predecessor: 'pr_0', version: 1, to: null },
    ]);
    expect(begun.event.kind).toBe('taken-over');
    const kept = granted(
      beginPairing(file({ kind: 'department' }), order({ subject: village('350122101201') }), {
        ...ground,
        context: { ...doing, source: 'imp_1' },
      }),
    );
    expect(kept.helper).toMatchObject({ villages: 1 });
    expect(kept.pairings[0]?.source).toBe('imp_1');
    expect(kept.event).toMatchObject({ kind: 'paired', source: 'imp_1' });
  });

  it('of the same two is one, under whatever code the village stands', () => {
    const known = pairing({ kind: 'department', subject: village('350122101201') });
    const own = file({ kind: 'department' }, known);
    const present = (code: string) => (code === '350122101201' ? '350122101299' : code);
    const again = order({ subject: village('350122101299') });
    expect(beginPairing(own, again, { ...ground, present })).toMatchObject({
      refused: 'pairing-twice',
    });
    expect('ok' in beginPairing(own, again, ground)).toBe(true);
    const ended = { ...known, to: '2017-02-01' };
    expect(
      'ok' in beginPairing(file({ kind: 'department' }, ended), again, { ...ground, present }),
    ).toBe(true);
  });

  it('is refused an ended helper, a day to come, a kind it is not for, the village itself, and one too many', () => {
    const refusals = [
      beginPairing(file({ endedOn: '2017-01-01' }), order(), ground),
      beginPairing(file(), order({ from: '2099-01-01' }), ground),
      beginPairing(file({ kind: 'enterprise' }), order(), ground),
      beginPairing(
        file({ kind: 'strong-village', details: { village: '350122101201' } }),
        order({ subject: village('350122101201') }),
        ground,
      ),
      beginPairing(file({ households: 5 }), order(), ground),
    ];
    expect(refusals.map((one) => ('refused' in one ? one.refused : 'ok'))).toEqual([
      'helper-ended',
      'date-future',
      'pairing-kind',
      'pairing-self',
      'pairing-over-limit',
    ]);
  });

  it('is agreed anew while it lasts', () => {
    const own = file({ households: 1 }, pairing());
    const [known = pairing()] = own.pairings;
    const of = (patch: object) => ({ pairing: known, patch, reason: null });
    expect(granted(changePairing(own, of({ duty: null }), doing))).toBeUndefined();
    const changed = granted(changePairing(own, of({ duty: '入户', promised: money(100) }), doing));
    expect(changed?.pairings).toMatchObject([{ duty: '入户', version: 2 }]);
    expect(changed?.event.changes.map(({ field }) => field)).toEqual(['duty', 'promised']);
    const ended = { ...known, to: '2017-02-01' };
    expect(changePairing(own, { ...of({}), pairing: ended }, doing)).toMatchObject({
      refused: 'pairing-ended',
    });
  });

  it('ends once, not before it began nor tomorrow, and counts no more', () => {
    const own = { helper: helper({ households: 1 }), pairing: pairing() };
    const ended = granted(endPairing(own, { on: '2017-03-01', reason: '调离' }, doing));
    expect(ended.helper.households).toBe(0);
    expect(ended.pairings).toMatchObject([{ to: '2017-03-01', successor: null, version: 2 }]);
    expect(ended.event.kind).toBe('pairing-ended');
    const handed = granted(
      endPairing(own, { on: '2017-03-01', reason: '调离', successor: 'pr_2' }, doing),
    );
    expect(handed.event.kind).toBe('handed-over');
    const twice = { ...own, pairing: { ...own.pairing, to: '2017-02-01' } };
    expect(endPairing(twice, { on: '2017-03-01', reason: 'x' }, doing)).toMatchObject({
      refused: 'pairing-ended',
    });
    expect(endPairing(own, { on: '2099-01-01', reason: 'x' }, doing)).toMatchObject({
      refused: 'date-future',
    });
    expect(endPairing(own, { on: '2016-01-01', reason: 'x' }, doing)).toMatchObject({
      refused: 'date-order',
    });
    const town = {
      helper: helper({ villages: 1 }),
      pairing: pairing({ subject: village('350122101201') }),
    };
    expect(
      granted(endPairing(town, { on: '2017-03-01', reason: 'x' }, doing)).helper.villages,
    ).toBe(0);
  });

  it('stands in the file once it began, and in the place of what it was', () => {
    const begun = granted(
      beginPairing(file({}, pairing()), order({ subject: household('hh_2'), id: 'pr_2' }), ground),
    );
    const after = fileAfter(file({}, pairing()), begun);
    expect(after.pairings.map(({ id }) => id)).toEqual(['pr_1', 'pr_2']);
    expect(pairedWith(after, 'hh_2')?.id).toBe('pr_2');
    expect(pairedWith(after, 'hh_3')).toBeUndefined();
    const [first = pairing()] = after.pairings;
    const ended = granted(
      endPairing(
        { helper: after.helper, pairing: first },
        { on: '2017-03-01', reason: 'x' },
        doing,
      ),
    );
    expect(fileAfter(after, ended).pairings[0]?.to).toBe('2017-03-01');
  });
});

describe('what came', () => {
  const own = { helper: helper(), pairing: pairing() };
  const came = (given: object = {}) => ({
    on: '2017-05-01',
    what: '水渠',
    contribution: money(100),
    ...given,
  });

  it('adds up, and is taken back by a contrary entry once', () => {
    const first = granted(
      deliver(own, came({ ref: 'XM1', id: 'dl_1' }), { ...doing, source: 'imp_1' }),
    );
    expect(first.pairings[0]?.delivered).toEqual({ moneyFen: 100, projects: 0, jobs: 0, count: 1 });
    expect(first.deliveries).toMatchObject([
      { id: 'dl_1', ref: 'XM1', source: 'imp_1', corrects: null },
    ]);
    const [paired = pairing()] = first.pairings;
    const of = { helper: first.helper, pairing: paired, deliveries: first.deliveries };
    const back = granted(
      correctDelivery(of, { delivery: 'dl_1', reason: '记错' }, { ...doing, source: 'imp_2' }),
    );
    expect(back.pairings[0]?.delivered).toEqual({ moneyFen: 0, projects: 0, jobs: 0, count: 2 });
    expect(back.deliveries).toMatchObject([
      { corrects: 'dl_1', ref: 'XM1', contribution: { moneyFen: -100, jobs: 0 } },
    ]);
    const all: readonly Delivery[] = [...first.deliveries, ...back.deliveries];
    const [, contrary] = all;
    const again = (delivery: string) =>
      correctDelivery({ ...of, deliveries: all }, { delivery, reason: 'x', id: 'dl_9' }, doing);
    expect(again('dl_1')).toMatchObject({ refused: 'delivery-corrected' });
    expect(again(contrary?.id ?? '')).toMatchObject({ refused: 'delivery-corrected' });
    expect(again('dl_8')).toMatchObject({ refused: 'delivery-unknown' });
    const named = granted(
      correctDelivery(of, { delivery: 'dl_1', reason: 'x', id: 'dl_9' }, doing),
    );
    expect(named.deliveries[0]?.id).toBe('dl_9');
  });

  it('is something, came while the pairing lasted, and not tomorrow', () => {
    const ended = { ...own, pairing: pairing({ to: '2017-04-01' }) };
    const refusals = [
      deliver(own, came({ contribution: nothingYet }), doing),
      deliver(own, came({ on: '2099-01-01' }), doing),
      deliver(own, came({ on: '2016-12-31' }), doing),
      deliver(ended, came(), doing),
    ];
    expect(refusals.map((one) => ('refused' in one ? one.refused : 'ok'))).toEqual([
      'delivery-empty',
      'date-future',
      'date-order',
      'date-order',
    ]);
    expect('ok' in deliver(ended, came({ on: '2017-03-31' }), doing)).toBe(true);
    const goods = { ...nothingYet, goods: '鱼苗' };
    expect('ok' in deliver(own, came({ contribution: goods }), doing)).toBe(true);
  });
});

describe('a household that is helped', () => {
  const answers = { helper: helper({ sub: 'a' }), pairing: pairing() };
  const leads = {
    helper: helper({ kind: 'leader' }),
    pairing: pairing({ id: 'pr_2', kind: 'leader' }),
  };
  const none = { known: [], begins: [], ends: [], heldOn: '2017-05-01', reason: null };

  it('is covered by who answers for it, read by who has a token, and says so in its history', () => {
    const first = granted(
      helpHousehold(registered(), { ...none, begins: [answers, leads] }, context()),
    );
    expect(first?.next.household).toMatchObject({ paired: true, helperSubs: ['a'] });
    expect(first?.event).toMatchObject({ kind: 'helpers-changed', heldOn: '2017-05-01' });
    expect(first?.event.changes.filter(({ field }) => field === 'pairing')).toHaveLength(2);
    const now = first?.next ?? registered();
    const left = { ...none, known: [answers, leads], ends: [answers] };
    const after = granted(helpHousehold(now, left, context()));
    expect(after?.next.household).toMatchObject({ paired: false, helperSubs: [] });
  });

  it('and was struck off takes nobody, and lets who is there go', () => {
    const paired = granted(
      helpHousehold(registered(), { ...none, begins: [answers] }, context()),
    )?.next;
    if (!paired) throw new Error('nothing changed');
    const gone = granted(
      strikeOff(paired, { heldFrom: '2017-06-01', reason: 'gone' }, context()),
    ).next;
    const more = helpHousehold(gone, { ...none, known: [answers], begins: [leads] }, context());
    expect(more).toEqual({ refused: 'household-closed' });
    const ended = granted(
      helpHousehold(gone, { ...none, known: [answers], ends: [answers] }, context()),
    );
    expect(ended?.next.household).toMatchObject({ paired: false, helperSubs: [] });
    const again = { heldFrom: '2017-06-01', reason: 'x' };
    for (const given of [{ subs: ['b'] }, { subs: [], paired: true }])
      expect(assignHelpers(ended?.next ?? gone, { ...given, ...again }, context())).toEqual({
        refused: 'household-closed',
      });
    expect(
      granted(assignHelpers(ended?.next ?? gone, { subs: [], ...again }, context())),
    ).toBeUndefined();
  });
});

describe('what helpers come to', () => {
  it('is promised by pairings under way and delivered by all, each household counted once', () => {
    const came = { moneyFen: 30, projects: 1, jobs: 2, count: 1 };
    const all = [
      pairing({ promised: money(100), delivered: came }),
      pairing({ id: 'pr_2', promised: money(50), to: '2017-02-01', delivered: came }),
      pairing({ id: 'pr_3', helper: 'hp_2', kind: 'leader' }),
      pairing({ id: 'pr_4', helper: 'hp_2', kind: 'leader', subject: village('350122101201') }),
    ];
    expect(totalsOf(all)).toEqual({
      ...{ pairings: 3, households: 1, villages: 1, promisedFen: 100, promisedProjects: 0 },
      ...{ deliveredFen: 60, projects: 2, jobs: 4 },
    });
    const summary = summaryOf([helper({ id: 'hp_1' })], all);
    expect(Object.keys(summary)).toEqual(['leader', 'responsible']);
    expect(summary.leader).toMatchObject({ helpers: 0, contributing: 0, pairings: 2 });
    expect(summary.responsible).toMatchObject({ helpers: 1, contributing: 1, deliveredFen: 60 });
  });
});
