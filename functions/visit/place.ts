import { PHOTOS, UPLOADS } from './spec.ts';

interface OfVisit {
  readonly household: string;
  readonly id: string;
}

function pathOf(visit: OfVisit, photo: string): string {
  return `${visit.household}/${visit.id}/${photo}`;
}

export function uploadKey(visit: OfVisit, photo: string): string {
  return UPLOADS + pathOf(visit, photo);
}

export function photoKey(visit: OfVisit, photo: string): string {
  return PHOTOS + pathOf(visit, photo);
}

/** Where the bare picture of an upload goes; undefined where it is no upload of a photo. */
export function photoOf(key: string): string | undefined {
  return key.startsWith(UPLOADS) ? PHOTOS + key.slice(UPLOADS.length) : undefined;
}
