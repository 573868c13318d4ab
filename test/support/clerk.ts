import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { call } from '../../scripts/take-in.ts';
import type { County } from './county.ts';

const Count = z.object({
  new: z.number(),
  changed: z.number(),
  unchanged: z.number(),
  conflicting: z.number(),
  refused: z.number(),
});
const Counts = Count.extend({ rows: z.number(), entries: Count.extend({ total: z.number() }) });
export const State = z.object({
  id: z.string(),
  state: z.string(),
  heldOn: z.string(),
  plan: z.string().optional(),
  counts: Counts.optional(),
  applied: Counts.optional(),
  fault: z.looseObject({ code: z.string() }).optional(),
});
export type State = z.infer<typeof State>;

const Announced = z.object({
  id: z.string(),
  upload: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }),
});
const Page = z.object({
  rows: z.array(
    z.object({
      key: z.string(),
      rows: z.array(z.number()),
      faults: z.array(
        z.object({ code: z.string(), reason: z.object({ zh: z.string(), en: z.string() }) }),
      ),
    }),
  ),
  cursor: z.string().optional(),
});

export interface Upload {
  readonly kind: 'divisions' | 'registry' | 'villages' | 'receipts' | 'helpers';
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** States in which an import waits for people. */
const resting = new Set(['planned', 'unreadable', 'rejected', 'applied']);

/** What a clerk does with imports, over the API. */
export function clerkOf({ run }: County, token: string) {
  const at = (path: string) => `${run.url}/imports${path}`;
  const settled = async (id: string): Promise<State> => {
    for (;;) {
      const state = State.parse(await call(at(`/${id}`), token));
      if (resting.has(state.state)) return state;
      await pause(100);
    }
  };
  return {
    settled,
    /** Announces and uploads a file and waits for its plan. */
    upload: async ({ kind, fileName, bytes }: Upload): Promise<State> => {
      const body = { kind, fileName, size: bytes.length };
      const { id, upload } = Announced.parse(await call(at(''), token, { method: 'POST', body }));
      const { url, headers } = upload;
      const sent = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) });
      if (!sent.ok) throw new Error(`upload: ${sent.status}`);
      return settled(id);
    },
    /** Approves a plan and waits until it is written, lists and boards included. */
    approve: async ({ id, plan }: State): Promise<State> => {
      await call(at(`/${id}/approval`), token, { method: 'POST', body: { plan } });
      const applied = await settled(id);
      await run.idle(60_000);
      return applied;
    },
    /** Every entry of a plan that was refused, page by page. */
    refused: async (id: string) => {
      const all: z.infer<typeof Page>['rows'] = [];
      let more: string | undefined = '';
      while (more !== undefined) {
        const page: z.infer<typeof Page> = Page.parse(
          await call(at(`/${id}/rows?outcome=refused&limit=5${more}`), token),
        );
        all.push(...page.rows);
        more = page.cursor === undefined ? undefined : `&cursor=${page.cursor}`;
      }
      return all;
    },
    /** The workbook of the rows that were not taken. */
    refusals: async (id: string): Promise<Buffer> => {
      const answer = await fetch(at(`/${id}/refusals.xlsx`), {
        headers: { authorization: `Bearer ${token}` },
      });
      if (!answer.ok) throw new Error(`refusals: ${answer.status}`);
      return Buffer.from(await answer.arrayBuffer());
    },
  };
}
