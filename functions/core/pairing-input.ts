import * as z from 'zod';
import { isDay } from './day.ts';
import { levelOf } from './division.ts';
import { freeText } from './free-text.ts';
import { HelperDetails, HelperKind } from './helper.ts';
import { id } from './household-path.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });
const village = z.string().regex(/^[1-9]\d{11}$/);
const area = z.string().refine((code) => levelOf(code) !== undefined);
const name = freeText(60, 1);
const reason = freeText(200);
const count = z.int().min(0).max(1_000_000);
/** Fen; at most a hundred million yuan. */
const fen = z.int().min(0).max(10_000_000_000);
const goods = freeText(100, 1);

export const HelperPath = z.object({ id });
export const PairingPath = z.object({ id, pairingId: id });
export const DeliveryPath = z.object({ id, pairingId: id, deliveryId: id });

/** Read and masked by the core; the length here only keeps nonsense out. */
const phone = z.string().max(40);

const own = {
  name,
  organisation: name.nullable().optional(),
  post: name.nullable().optional(),
  contact: name.nullable().optional(),
  phone: phone.nullable().optional(),
  /** Subject of the helper's token. */
  sub: z.string().min(1).max(128).nullable().optional(),
};

export const NewHelper = z.strictObject({
  kind: HelperKind,
  /** Division that keeps it. */
  area,
  ...own,
  details: HelperDetails.optional(),
});
export type NewHelper = z.infer<typeof NewHelper>;

export const HelperChanges = z.strictObject({
  ...own,
  name: name.optional(),
  details: HelperDetails.optional(),
  reason: reason.optional(),
});
export type HelperChanges = z.infer<typeof HelperChanges>;

/** The first day on which it no longer holds, today unless told, and why. */
export const Ending = z.strictObject({ on: day.optional(), reason });
export type Ending = z.infer<typeof Ending>;

export const Disclosure = z.strictObject({ reason });

const Promised = z.strictObject({
  moneyFen: fen.optional(),
  projects: count.optional(),
  jobs: count.optional(),
  goods: goods.nullable().optional(),
});
export type Promised = z.infer<typeof Promised>;

/** With whom: a household by its id, or a village by its code. */
export const NewPairing = z
  .strictObject({
    household: id.optional(),
    village: village.optional(),
    /** First day, today unless told. */
    from: day.optional(),
    duty: freeText(200).nullable().optional(),
    promised: Promised.optional(),
  })
  .refine((body) => (body.household === undefined) !== (body.village === undefined), {
    error: 'household-or-village',
  });
export type NewPairing = z.infer<typeof NewPairing>;

export const PairingChanges = z.strictObject({
  duty: freeText(200).nullable().optional(),
  promised: Promised.optional(),
  reason: reason.optional(),
});
export type PairingChanges = z.infer<typeof PairingChanges>;

export const NewDelivery = z.strictObject({
  /** Day it came, today unless told. */
  on: day.optional(),
  what: freeText(100),
  ...Promised.shape,
});
export type NewDelivery = z.infer<typeof NewDelivery>;

export const Correction = z.strictObject({ reason });

/** Pairings one act hands over at most: what one answer can wait for. */
export const MOST_HANDED = 500;

/** A caseload, or the part of it with some households and villages, that goes to another helper from a day. */
export const Handover = z.strictObject({
  to: id,
  from: day.optional(),
  reason,
  households: z.array(id).min(1).max(MOST_HANDED).optional(),
  villages: z.array(village).min(1).max(MOST_HANDED).optional(),
});
export type Handover = z.infer<typeof Handover>;

export const HelperQuery = z.object({
  area,
  kind: HelperKind.optional(),
  /** Those kept above the area and paired with nobody in it as well, to choose from. */
  above: z.literal('yes').optional(),
  cursor: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export const AreaQuery = z.object({ area });
export const VillagePath = z.object({ code: village });
