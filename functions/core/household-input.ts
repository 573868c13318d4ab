import * as z from 'zod';
import { codesOf } from './code-list.ts';
import { isDay } from './day.ts';
import { PersonFacts, StatedFacts } from './fact.ts';
import { freeText } from './free-text.ts';
import { id } from './household-path.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });
const village = z.string().regex(/^[1-9]\d{11}$/);
const reason = freeText(200);
const name = z.string().trim().min(1).max(60);
/** Read and normalised by the core; the lengths here only keep nonsense out. */
const identityNumber = z.string().max(60);

const Contact = z.strictObject({
  phone: z.string().max(40).nullable().optional(),
  bankName: z.string().max(60).nullable().optional(),
  bankAccount: z.string().max(60).nullable().optional(),
});

const personShape = {
  name,
  /** 18 digits, or the 20 of a disability card; left out where it is not known yet, e.g. for a newborn. */
  identityNumber: identityNumber.optional(),
  /** Needed where there is no identity number, which tells both. */
  sex: z.enum(codesOf('sex')).optional(),
  birth: day.optional(),
  number: z.string().max(32).nullable().optional(),
  relation: PersonFacts.shape.relation,
  facts: z.strictObject(PersonFacts.omit({ relation: true }).partial().shape).optional(),
};

export const NewHousehold = z.strictObject({
  number: z.string().trim().min(1).max(32),
  village,
  /** Day from which it is on the register; today unless told. */
  heldFrom: day.optional(),
  facts: z.strictObject(StatedFacts.omit({ village: true }).partial().shape),
  contact: Contact.optional(),
  members: z.array(z.strictObject(personShape)).min(1).max(60),
});
export type NewHousehold = z.infer<typeof NewHousehold>;

const MemberPatch = z.strictObject({
  id,
  name: name.optional(),
  number: z.string().max(32).nullable().optional(),
  identityNumber: identityNumber.optional(),
  facts: z.strictObject(PersonFacts.partial().shape).optional(),
  cleared: z.array(PersonFacts.keyof()).max(20).optional(),
});

export const HouseholdChanges = z.strictObject({
  /** Day from which the facts are held; today unless told. */
  heldFrom: day.optional(),
  /** First day on which they no longer held: they concern the past only. */
  heldTo: day.nullable().optional(),
  reason: reason.optional(),
  facts: z.strictObject({ ...StatedFacts.partial().shape, village: village.optional() }).optional(),
  /** Facts that are unknown from that day on. */
  cleared: z.array(StatedFacts.keyof()).max(40).optional(),
  contact: Contact.optional(),
  members: z.array(MemberPatch).max(30).optional(),
});
export type HouseholdChanges = z.infer<typeof HouseholdChanges>;

export const NewMember = z.strictObject({
  ...personShape,
  heldFrom: day.optional(),
  reason: z.enum(codesOf('joinReason')),
  note: reason.optional(),
});
export type NewMember = z.infer<typeof NewMember>;

export const MemberEnd = z.strictObject({
  /** First day the person is no longer a member, today unless told; left out for what was entered by mistake, which never was. */
  heldTo: day.optional(),
  reason: z.enum(codesOf('endReason')),
  note: reason.optional(),
  /** Who heads the household from that day, where the head leaves, and how the others stand to the new head. */
  newHead: id.optional(),
  relations: z.record(id, PersonFacts.shape.relation).optional(),
});
export type MemberEnd = z.infer<typeof MemberEnd>;

export const NewHead = z.strictObject({
  personId: id,
  heldFrom: day.optional(),
  reason,
  /** How the others stand to the new head, by person; the old head is `other` unless told. */
  relations: z.record(id, PersonFacts.shape.relation).optional(),
});
export type NewHead = z.infer<typeof NewHead>;

export const StrikingOff = z.strictObject({
  heldFrom: day.optional(),
  reason: z.enum(codesOf('strikeOffReason')),
  note: reason.optional(),
});
export type StrikingOff = z.infer<typeof StrikingOff>;

export const DisclosureRequest = z.strictObject({
  /** Whose identity number; phone and account of the household when left out. */
  personId: id.optional(),
  reason,
});

export const LookupRequest = z.strictObject({ identityNumber });
