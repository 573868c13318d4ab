import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CaseState, CaseTerms, V as caseShapes, VillageLock } from '../../functions/case/item.ts';
import { AccessLine } from '../../functions/core/access-log.ts';
import { PolicyDocument, PolicyItem, PolicyLine } from '../../functions/core/policy.ts';
import { PolicyEvent } from '../../functions/core/policy-event.ts';
import { Procedure } from '../../functions/core/procedure.ts';
import { Receipt } from '../../functions/core/receipt.ts';
import { VillageReceipt } from '../../functions/core/receipt-village.ts';
import { ROSTER_SHAPE, StoredRoster } from '../../functions/core/roster-codec.ts';
import { Target, TargetEvent } from '../../functions/core/target.ts';
import { StoredProfile } from '../../functions/core/village.ts';
import { VillageEvent } from '../../functions/core/village-event.ts';
import { VillageEvidence } from '../../functions/core/village-evidence.ts';
import * as health from '../../functions/health/item.ts';
import * as item from '../../functions/household/item.ts';
import { V as LINE } from '../../functions/lib/access-log.ts';
import { V as KEY, WrappedKey } from '../../functions/lib/keys.ts';
import { V as LOOKUP, LookupKeys } from '../../functions/lib/keys-lookup.ts';
import { V as RATE, RateItem } from '../../functions/person/item.ts';
import { V as POLICY } from '../../functions/policy/key.ts';
import {
  PersonHome,
  ReceiptEvent,
  ReceiptPointer,
  V as receiptShapes,
  StoredMove,
  VillagePointer,
  VillageReceiptEvent,
} from '../../functions/receipt/item.ts';
import * as request from '../../functions/request/item.ts';
import { V as TARGET } from '../../functions/target/table.ts';
import { V as VILLAGE } from '../../functions/village/table.ts';
import * as visit from '../../functions/visit/item.ts';
import { fingerprintOf, keepsShapes, type StoredShape } from '../support/shape.ts';

/**
 * What is stored under each version. A shape that changed needs a new version, a way to read the old one, and a new line here; a line is
 * never edited.
 */
const known: Readonly<Record<string, string>> = {
  'household 1': '960934abac78',
  'household 2': 'bd71145f6579',
  'household 3': 'b837133bcd6b',
  'household 4': 'b0d798fb0aa5',
  'household 5': '078ee305116c',
  'household 6': 'db2edef8a369',
  'member 1': '79079e6ef905',
  'member 2': '32ddbfbb6498',
  'member 3': '0faa6cfe0bda',
  'member 4': '91fa2be03de9',
  'event 1': '7f2f066215c9',
  'event 2': 'e0691d4d71b0',
  'event 3': '998218b19d7f',
  'event 4': '9853d0e59c11',
  'event 5': 'd4e13d280358',
  'roster item 1': '0273d913cdc5',
  'roster 1': 'bbc710f7587a',
  'roster 2': '8a18aa375fea',
  'roster 3': 'b2531603a2d4',
  'roster 4': '79f2c03a4dd2',
  'left 1': 'c879acb68239',
  'lock 1': '813a0d950831',
  'number 1': '226fcb9d4e61',
  'sealed contact 1': 'f625d3ee4b8a',
  'sealed replaced 1': '003d47708f74',
  'wrapped key 1': 'd622cf14adb9',
  'lookup keys 1': 'd261aa9a33b0',
  'access line 1': '6d5e74c0a48a',
  'look-up rate 1': 'e6b23e7864ab',
  'village profile 2': 'c36dafea5457',
  'village event 2': 'f118de099f9b',
  'village evidence 1': '95d195e2c1eb',
  'case 1': '0c566042e805',
  'case terms 1': 'e73d2f76c6bb',
  'village in a case 1': 'c0ae5b9a7e2d',
  'target 1': 'da9eb6c19ceb',
  'target event 1': '8e479855c489',
  'policy document 1': '127704864e0d',
  'policy item 1': 'b0a759c08e77',
  'policy line 1': '91fb2446ce92',
  'policy event 1': '5c151be9d3ec',
  'procedure 1': '67a6bb74878f',
  'change request 1': 'bad800e936c6',
  'change request in a list 1': 'dcb8e0916ab5',
  'receipt 1': 'd35f9447e771',
  'where a receipt lies 1': 'f677b00b8993',
  'receipt event 1': '69a0bbd97509',
  'who is told of receipts 1': 'a89aed958037',
  'receipt of a village 1': '7e357953b658',
  'where a receipt of a village lies 1': 'f2f47fa3dd19',
  'event of a village’s receipt 1': '980f6e9e8c37',
  'whose receipts a village counts 1': '228067a11b98',
  'visit 1': '62587eeeb631',
  'visit that has moved 1': '2019ac7794dc',
  'latest visit 1': '1c0b64e72683',
  'visit by its id 1': 'ba3e6f5c65b4',
  'photo of a visit 1': '28ff085ca321',
  'health record 1': 'bf7b11dc33d0',
  'follow-up 1': '37c92f7a9d95',
  'follow-up 2': 'e2c84f42a7a8',
  'follow-up that has moved 1': 'dac8fc1b5cc1',
};

const stored: readonly StoredShape[] = [
  ['household', item.V.household, item.HouseholdItem],
  ['member', item.V.member, item.MemberItem],
  ['event', item.V.event, item.EventItem],
  ['roster item', item.V.roster, item.RosterItem],
  ['roster', ROSTER_SHAPE, StoredRoster],
  ['left', item.V.left, item.LeftItem],
  ['lock', item.V.lock, item.LockItem],
  ['number', item.V.number, item.NumberItem],
  ['sealed contact', 1, item.SealedContact],
  ['sealed replaced', 1, item.SealedReplaced],
  ['wrapped key', KEY, WrappedKey],
  ['lookup keys', LOOKUP, LookupKeys],
  ['access line', LINE, AccessLine],
  ['look-up rate', RATE, RateItem],
  ['village profile', VILLAGE.profile, StoredProfile],
  ['village event', VILLAGE.event, VillageEvent],
  ['village evidence', VILLAGE.evidence, VillageEvidence],
  ['target', TARGET, Target],
  ['target event', TARGET, TargetEvent],
  ['case', caseShapes.case, CaseState],
  ['case terms', caseShapes.terms, CaseTerms],
  ['village in a case', caseShapes.lock, VillageLock],
  ['policy document', POLICY.document, PolicyDocument],
  ['policy item', POLICY.item, PolicyItem],
  ['policy line', POLICY.line, PolicyLine],
  ['policy event', POLICY.event, PolicyEvent],
  ['procedure', caseShapes.procedure, Procedure],
  ['change request', request.V, request.RequestItem],
  ['change request in a list', request.V, request.RequestEntry],
  ['receipt', receiptShapes.receipt, Receipt],
  ['where a receipt lies', receiptShapes.pointer, ReceiptPointer],
  ['receipt event', receiptShapes.event, ReceiptEvent],
  ['who is told of receipts', receiptShapes.home, PersonHome],
  ['receipt of a village', receiptShapes.receipt, VillageReceipt],
  ['where a receipt of a village lies', receiptShapes.pointer, VillagePointer],
  ['event of a village’s receipt', receiptShapes.event, VillageReceiptEvent],
  ['whose receipts a village counts', receiptShapes.move, StoredMove],
  ['visit', visit.V.visit, visit.VisitItem],
  ['visit that has moved', visit.V.moved, visit.MovedItem],
  ['latest visit', visit.V.digest, visit.DigestItem],
  ['visit by its id', visit.V.pointer, visit.PointerItem],
  ['photo of a visit', visit.V.photo, visit.PhotoItem],
  ['health record', health.V.record, health.RecordItem],
  ['follow-up', health.V.followUp, health.FollowUpItem],
  ['follow-up that has moved', health.V.moved, health.MovedItem],
];

describe('stored shapes', () => {
  keepsShapes(known, stored);

  it('a field more, less or of another type changes the fingerprint', () => {
    const base = z.object({ a: z.string() });
    const others = [base.extend({ b: z.string() }), z.object({}), z.object({ a: z.number() })];
    expect(others.map(fingerprintOf)).not.toContain(fingerprintOf(base));
  });
});
