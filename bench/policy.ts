import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Rule } from '../functions/core/policy-compile.ts';
import { ConditionShape } from '../functions/core/policy-condition.ts';
import type { LineValues } from '../functions/core/policy-interpret.ts';
import { lineValues } from '../functions/core/policy-line.ts';

const folder = join(import.meta.dirname, '../sample/policy');
const Items = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.string(),
      subject: z.enum(['person', 'household', 'village']),
      condition: ConditionShape,
    }),
  ),
});
const Lines = z.array(
  z.looseObject({
    id: z.string(),
    validFrom: z.string(),
    validTo: z.string().nullable(),
    fen: z.int(),
  }),
);

/** The day on which the sample county's policies are asked. */
export const DAY = '2017-10-23';

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

/** The conditions of the sample's policy items. */
export function sampleRules(): readonly Rule[] {
  const documents = readdirSync(folder).filter((name) => /^\d+-.*\.json$/.test(name));
  return documents.flatMap((name) =>
    Items.parse(read(name)).items.map(({ id, subject, condition }) => ({ id, subject, condition })),
  );
}

/** What the sample's lines come to on that day. */
export function sampleLines(): LineValues {
  const lines = Lines.parse(read('line.json')).map((line) => ({ ...line, area: '350122' }));
  return lineValues(lines, DAY, '350122');
}
