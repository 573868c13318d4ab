import { STAGED, UPLOADS } from './spec.ts';
import type { Phase } from './table.ts';

/** Where an upload lies. */
export function uploadKey(id: string): string {
  return `${UPLOADS}${id}/source`;
}

/** The import an uploaded object belongs to, undefined where it is none. */
export function importOf(key: string): string | undefined {
  return /^uploads\/(imp_[0-9a-f]{32})\/source$/.exec(key)?.[1];
}

/** Where the reader that won staged a chunk. */
export function stagedKey(id: string, attempt: string, chunk: number): string {
  return `${STAGED}${id}/${attempt}/staged/${chunk}`;
}

/** Where the rows that were not taken lie: those of the plan, later those of what became of it. */
export function refusalsKey(id: string, phase: Phase): string {
  return `${STAGED}${id}/refusals-${phase}.xlsx`;
}

/** Where what matching decided about a chunk lies; each decision has a place of its own. */
export function plannedKey(id: string, chunk: number, hash: string): string {
  return `${STAGED}${id}/planned/${chunk}-${hash.slice(0, 16)}`;
}
