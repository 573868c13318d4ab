import { describe, expect, it } from 'vitest';
import type { Case } from '../../functions/core/case.ts';
import {
  beginApplication,
  followCase,
  type Happening,
  refuseBeginning,
} from '../../functions/core/case-household.ts';
import { settleObjection, withdraw } from '../../functions/core/case-objection.ts';
import { newCase } from '../../functions/core/case-open.ts';
import { caseView } from '../../functions/core/case-view.ts';
import { current, type HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { planHousehold } from '../../functions/core/household-plan.ts';
import { openApplication } from '../../functions/core/household-register.ts';
import { defaultProcedure } from '../../functions/core/procedure.ts';
import type { ProcedureKind } from '../../functions/core/procedure-kind.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import { rosterOf } from '../../functions/core/roster-of.ts';
import { context, granted, registered, VILLAGE, wantedHousehold } from '../support/build.ts';
import { officeOf, proposed, upTo } from '../support/case.ts';

const told: Happening = {
  ...{ kind: 'case-step', step: 'notice', outcome: 'passed', heldOn: '2017-10-01', reason: null },
};
const follow = (file: HouseholdFile, found: Case, happening = told) =>
  followCase(file, found, { happening, context: context() });
const factsOf = (file: HouseholdFile) => current(file.household.facts);
const exited = () => registered({ facts: { status: 'exited', exitYear: 2016 } });

function applied() {
  const draft = granted(openApplication(wantedHousehold(), '2017-10-01', context()));
  const proposal = {
    id: 'cs_1',
    kind: 'identification',
    heldOn: '2017-10-01',
    reason: '农户申请',
    strikeOff: null,
  } as const;
  const subject = { type: 'household', id: draft.household.id } as const;
  const procedure = defaultProcedure('identification');
  const found = granted(
    newCase(proposal, { subject, village: VILLAGE, procedure }, officeOf('village', 'proposer')),
  );
  return { found, change: granted(beginApplication(draft, found, context())) };
}

describe('a household in a case', () => {
  it('tells what it waits for, in its file, its roster and its history', () => {
    const found = upTo(proposed(), 'town-review');
    const { next, event } = granted(follow(registered(), found));
    const openCase = { id: 'cs_1', kind: 'household-exit', act: 'assess', dueOn: '2017-10-08' };
    expect(next.household.openCase).toEqual(openCase);
    expect(rosterOf(next.household).openCase).toEqual(openCase);
    expect(event).toMatchObject({
      kind: 'case-step',
      heldOn: '2017-10-01',
      case: { id: 'cs_1', kind: 'household-exit', step: 'notice', outcome: 'passed' },
    });
    expect(caseView(found)).toMatchObject({
      awaits: { id: 'town-review' },
      notice: { lastDay: '2017-10-07' },
      dueOn: '2017-10-08',
    });
    expect(caseView(upTo(proposed(), 'end'))).toMatchObject({ awaits: null, dueOn: null });
    expect(caseView(proposed())).toMatchObject({ notice: null });
  });

  it('has exited from the day of the decision, in its year, once that is marked and not before', () => {
    const announced = granted(follow(registered(), upTo(proposed(), 'mark'))).next;
    expect(factsOf(announced)).toMatchObject({ status: 'unexited' });
    const { next } = granted(follow(announced, upTo(proposed(), 'end')));
    expect(factsOf(next)).toMatchObject({ status: 'exited', exitYear: 2017 });
    expect(next.household.facts.find(({ values }) => values.status)?.heldFrom).toBe('2017-10-08');
    expect(next.household.openCase).toBeNull();
  });

  it('that fell back has no exit year any more', () => {
    const { next } = granted(follow(exited(), upTo(proposed('return'), 'end')));
    expect(factsOf(next).status).toBe('returned');
    expect(factsOf(next).exitYear).toBeUndefined();
  });

  it('is struck off by its procedure, and stays readable', () => {
    const { next } = granted(follow(registered(), upTo(proposed('strike-off'), 'end')));
    expect(factsOf(next).status).toBe('struck-off');
    expect(next.household.members).toHaveLength(1);
  });

  it('stays as it was where the case ends with a no or is taken back', () => {
    const gone = granted(withdraw(proposed(), officeOf('village', 'proposer')));
    const { next } = granted(follow(registered(), gone));
    expect(factsOf(next).status).toBe('unexited');
    expect(next.household.openCase).toBeNull();
  });

  it('keeps its status until the case has ended: neither a clerk nor a ledger forestalls the decision', () => {
    const busy = granted(follow(registered(), upTo(proposed(), 'mark'))).next;
    const patch = { heldFrom: '2017-10-20', heldTo: null, reason: '拟脱贫', cleared: [] };
    const change = (facts: object) =>
      changeHousehold(busy, { ...patch, facts, contact: {}, members: [] }, context());
    expect(change({ status: 'pre-exit' })).toMatchObject({
      ...{ refused: 'case-open', values: { kind: 'household-exit' } },
    });
    expect(isRefused(change({ housingGrade: 'A' }))).toBe(false);
    const ledger = { ...context({ source: 'imp_1' }), ledgerDay: '2017-10-20' };
    const row = (status: string) =>
      planHousehold(busy, wantedHousehold({ facts: { status, housingGrade: 'B' } }), ledger);
    expect(row('pre-exit')).toMatchObject({ refused: 'case-open' });
    expect(isRefused(row('unexited'))).toBe(false);
    expect(isRefused(follow(busy, upTo(proposed(), 'end')))).toBe(false);
  });

  it('is decided on no day before the one since which it has its status: marked, that would never take effect', () => {
    const changed = { heldFrom: '2017-10-20', heldTo: null, reason: '核查', cleared: [] };
    const facts = { status: 'pre-exit' };
    const order = { ...changed, facts, contact: {}, members: [] };
    const change = granted(changeHousehold(registered(), order, context()));
    const file = change?.next ?? registered();
    expect(follow(file, upTo(proposed(), 'decide'))).toHaveProperty('ok');
    // Nor does it by a clock that is behind the one under which the status was entered.
    const sameDay = { ...order, heldFrom: '2017-10-08' };
    const same = granted(changeHousehold(registered(), sameDay, context()))?.next ?? file;
    const early = { ...context(), at: '2016-01-01T00:00:00.000Z' };
    const about = { happening: told, context: early };
    expect(followCase(same, upTo(proposed(), 'end'), about)).toMatchObject({
      refused: 'date-order',
    });
    expect(follow(file, upTo(proposed(), 'announce'))).toMatchObject({
      ...{ refused: 'date-order', values: { field: 'heldOn' } },
    });
  });

  it('is in one case at a time, and begins none its status does not allow', () => {
    const busy = granted(follow(registered(), proposed())).next;
    const closed = granted(
      strikeOff(registered(), { heldFrom: '2017-01-01', reason: 'error' }, context()),
    ).next;
    const codeOf = (file: HouseholdFile, kind: ProcedureKind) =>
      refuseBeginning(file, kind)?.refused;
    expect(codeOf(busy, 'household-exit')).toBe('case-open');
    expect(codeOf(closed, 'household-exit')).toBe('household-closed');
    expect(codeOf(exited(), 'household-exit')).toBe('case-status');
    expect(codeOf(registered(), 'return')).toBe('case-status');
    expect(codeOf(registered(), 'strike-off')).toBeUndefined();
    expect(codeOf(exited(), 'return')).toBeUndefined();
  });

  it('whose status was changed for a later day meanwhile is not rewritten', () => {
    const later = granted(
      changeHousehold(
        registered(),
        {
          ...{ heldFrom: '2017-10-20', heldTo: null, reason: '列入计划', cleared: [] },
          ...{ facts: { status: 'pre-exit' }, contact: {}, members: [] },
        },
        context(),
      ),
    );
    const file = later?.next ?? registered();
    expect(follow(file, upTo(proposed(), 'end'))).toMatchObject({ refused: 'date-order' });
    expect(follow(file, upTo(proposed('strike-off'), 'end'))).toMatchObject({
      refused: 'date-order',
    });
  });

  it('is not marked with a status its own does not lead to, nor by a case nobody decided', () => {
    expect(follow(registered(), upTo(proposed('return'), 'end'))).toMatchObject({
      refused: 'status-transition',
    });
    const undecided = { ...proposed(), state: 'done', endedOn: '2017-10-01' } as const;
    expect(() => follow(registered(), undecided)).toThrow('decided nothing');
    const village = { ...upTo(proposed('household-exit'), 'end'), kind: 'village-exit' } as const;
    expect(() => follow(registered(), village)).toThrow('decided nothing');
  });
});

describe('a family that applies', () => {
  it('is kept with its case and is not on the register', () => {
    const { change, found } = applied();
    expect(factsOf(change.next).status).toBe('applicant');
    expect(change.next.household).toMatchObject({
      version: 1,
      openCase: { id: 'cs_1', kind: 'identification', act: 'assess' },
    });
    expect(change.event).toMatchObject({
      kind: 'case-opened',
      changes: [],
      reason: '农户申请',
      case: { id: found.id },
    });
    const tomorrow = openApplication(wantedHousehold(), '2017-10-24', context());
    expect(tomorrow).toMatchObject({ refused: 'date-future' });
    const town = openApplication(
      wantedHousehold({ village: '350122101' }),
      '2017-10-01',
      context(),
    );
    expect(town).toMatchObject({ refused: 'area-not-village' });
  });

  it('comes onto the register in the year of the decision', () => {
    const { change } = applied();
    const done = upTo(proposed('identification'), 'end', '2017-12-31');
    const filed = followCase(change.next, done, {
      happening: told,
      context: context({ today: '2017-12-31' }),
    });
    expect(factsOf(granted(filed).next)).toMatchObject({ status: 'new', identifiedYear: 2017 });
  });

  it('that is not identified, or takes back, is struck off: its persons may apply again', () => {
    const { change } = applied();
    const withdrawn = granted(
      withdraw(proposed('identification'), officeOf('village', 'proposer')),
    );
    expect(factsOf(granted(follow(change.next, withdrawn)).next).status).toBe('struck-off');
    const posted = upTo(proposed('identification'), 'town-review');
    const objected = {
      ...posted,
      objections: [
        {
          ...{ id: 'ob_1', raisedOn: '2017-10-02', at: '2017-10-02T01:00:00.000Z', actor: 'a' },
          ...{ note: '有车', resolvedOn: null, upheld: null, resolution: null, resolvedBy: null },
        },
      ],
    };
    const order = { id: 'ob_1', resolvedOn: '2017-10-03', upheld: true, resolution: '属实' };
    const upheld = granted(settleObjection(objected, order, context()));
    const ended = granted(follow(change.next, upheld)).next;
    expect(ended.household.facts.find(({ values }) => values.status)).toMatchObject({
      heldFrom: '2017-10-03',
    });
    expect(follow(ended, proposed())).toMatchObject({ refused: 'household-closed' });
  });
});
