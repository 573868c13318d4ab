import * as z from 'zod';
import { env } from '../lib/env.ts';
import { log } from '../lib/log.ts';
import { getObject, putNew } from '../lib/objects.ts';
import { barePicture } from './picture.ts';
import { photoOf } from './place.ts';

const { BUCKET } = env({ BUCKET: z.string() });

/** An object-created event as EventBridge hands it over. */
const Event = z.object({ detail: z.object({ object: z.object({ key: z.string() }) }) });

/** Keeps the bare picture of an upload; the first one that comes stays, however often the event does. */
export async function handler(given: unknown): Promise<void> {
  const { key } = Event.parse(given).detail.object;
  const to = photoOf(key);
  if (to === undefined) return;
  const picture = barePicture(await getObject({ bucket: BUCKET, key }));
  if (!picture) {
    log.info('visit-photo-odd');
    return;
  }
  await putNew({ bucket: BUCKET, key: to }, picture.bytes, picture.type);
}
