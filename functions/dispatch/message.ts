import * as z from 'zod';
import { levelOf } from '../core/division.ts';

const Image = z.record(z.string(), z.unknown()).optional();

/** What a stream says of one change; images are there because the tables' streams carry both. */
export const StreamRecord = z.object({
  eventSourceARN: z.string(),
  dynamodb: z.object({
    SequenceNumber: z.string(),
    Keys: z.object({
      pk: z.object({ S: z.string() }),
      sk: z.object({ S: z.string() }).optional(),
    }),
    OldImage: Image,
    NewImage: Image,
  }),
});
export type StreamRecord = z.infer<typeof StreamRecord>;

export type Message = Readonly<Record<string, string>>;

/** A village's partition: rosters `1#…` and the profile `0` matter to others, its events do not. */
function ofVillage(village: string, sk: string): Message | undefined {
  if (sk === '0') return { village };
  return sk.startsWith('1#') ? { village, household: sk.slice(2) } : undefined;
}

/** What a parent adds up of a summary or of a coverage row. */
const added = ['figures', 'until', 'items', 'households', 'persons', 'rules'];

/** Such rows are put anew with every recount of their area; parents need to know only when what they add up differs. */
function isEcho({ OldImage, NewImage }: StreamRecord['dynamodb']): boolean {
  const told = (image: typeof OldImage) => JSON.stringify(added.map((name) => image?.[name]));
  return OldImage !== undefined && NewImage !== undefined && told(OldImage) === told(NewImage);
}

/** Whether the parent of a row's area must be told: whoever adds up coverage goes up to the province, so of that only villages are news. */
function isNews(parent: string, sk: string, kind: string): boolean {
  return kind === 'S#' ? parent !== '0' : levelOf(sk) === 'village';
}

/**
 * What consumers are told of a change: `{ village, household? }` for a village's partition, `{ area }` for a summary or coverage row, whose
 * parent must be added up again; `{ pk, sk }` for anything else. Undefined where nobody needs to act.
 */
export function messageOf({ dynamodb }: StreamRecord): Message | undefined {
  const pk = dynamodb.Keys.pk.S;
  const sk = dynamodb.Keys.sk?.S ?? '';
  const [kind, rest] = [pk.slice(0, 2), pk.slice(2)];
  if (kind === 'V#') return ofVillage(rest, sk);
  if (kind !== 'S#' && kind !== 'G#') return { pk, sk };
  return isNews(rest, sk, kind) && !isEcho(dynamodb) ? { area: rest } : undefined;
}
