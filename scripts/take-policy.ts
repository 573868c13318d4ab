import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { call } from './take-in.ts';

const Document = z.looseObject({ document: z.looseObject({ id: z.string(), name: z.string() }) });
const Line = z.looseObject({ id: z.string(), validFrom: z.string() });
const Known = z.object({
  documents: z.array(z.object({ id: z.string() })),
  lines: z.array(z.object({ id: z.string() })),
});
const reason = '样例县政策清单';

/** What a folder of policy documents is published for, and by whom. */
export interface Publishing {
  readonly url: string;
  readonly token: string;
  readonly area: string;
  readonly folder: string;
}

const read = (folder: string, name: string): unknown =>
  JSON.parse(readFileSync(join(folder, name), 'utf8'));

/**
 * Publishes a folder's policy documents in order, after the lines that their conditions name. What is published already is left as it is.
 * @param tell called after each document
 */
export async function publishPolicies(
  { url, token, area, folder }: Publishing,
  tell: (done: number, of: number) => void,
): Promise<void> {
  const known = Known.parse(await call(`${url}/policies?area=${area}`, token));
  const lines = new Set(known.lines.map(({ id }) => id));
  for (const line of z.array(Line).parse(read(folder, 'line.json'))) {
    const { id, validFrom, ...terms } = line;
    if (lines.has(id)) continue;
    const body = { reason, ...terms };
    const address = `${url}/policy-lines/${id}/${validFrom}?area=${area}`;
    await call(address, token, { method: 'PUT', body, ifMatch: 0 });
  }
  const published = new Set(known.documents.map(({ id }) => id));
  const names = readdirSync(folder).filter((name) => /^\d+-/.test(name));
  for (const [at, name] of names.toSorted().entries()) {
    const parsed = Document.parse(read(folder, name));
    const body = { area, reason, ...parsed };
    if (!published.has(parsed.document.id))
      await call(`${url}/policy-documents`, token, { method: 'POST', body });
    tell(at + 1, names.length);
  }
}
