import * as z from 'zod';

/** A row as stored, of any table. */
export type Row = Readonly<Record<string, unknown>>;

export const RowKey = z.object({ pk: z.string(), sk: z.string().exactOptional() });
export type RowKey = z.infer<typeof RowKey>;

/** Tables whose rows are put back; lists, and of summaries all but the frozen ones, are drawn from the others and come again by themselves. */
export const restorable = [
  'household',
  'identity',
  'area',
  'job',
  'access',
  'target',
  'case',
  'pairing',
  'care',
  'summary',
  'policy',
] as const;
export type Restorable = (typeof restorable)[number];

/**
 * What decides whether a row that is missing was lost or was taken away on purpose since the backup.
 * - `once`: never taken away, so a missing row was lost (events, who left a village, evidence, wrapped keys, log lines);
 * - `own`: has a version of its own, or is never taken away;
 * - `file`: part of a household's file, which stands and falls as one under the version of its row `0`;
 * - `roster`: goes with the household's file;
 * - `drawn`: comes again by itself, so it is left alone;
 * - `lock`: holds a number for a member or a household while they are there and not struck off; freed otherwise.
 */
export type Rule =
  | { readonly kind: 'once' | 'own' | 'file' | 'roster' | 'drawn' }
  | { readonly kind: 'lock'; readonly head: RowKey; readonly holder: RowKey };

const Text = z.string();

export function keyOf(row: Row): RowKey {
  const pk = Text.parse(row.pk);
  return row.sk === undefined ? { pk } : { pk, sk: Text.parse(row.sk) };
}

/** A key as one text, for maps and sets. */
export function nameOf({ pk, sk }: RowKey): string {
  return JSON.stringify([pk, sk ?? null]);
}

export function isEvent(row: Row): boolean {
  return keyOf(row).sk?.startsWith('3#') ?? false;
}

export function isHead(row: Row): boolean {
  return keyOf(row).sk === '0';
}

/** The row's version; undefined where rows of its kind have none. */
export function versionOf(row: Row | undefined): number | undefined {
  return typeof row?.version === 'number' ? row.version : undefined;
}

const Facts = z.object({
  facts: z.array(
    z.object({
      values: z.looseObject({ village: z.string().optional(), status: z.string().optional() }),
    }),
  ),
});

/** A current fact of a household by its row `0`; each field stands in one sheet only. */
function factOf(head: Row, name: 'village' | 'status'): string | undefined {
  const { data } = Facts.safeParse(head);
  return data?.facts.map(({ values }) => values[name]).find((value) => value !== undefined);
}

export function isStruckOff(head: Row): boolean {
  return factOf(head, 'status') === 'struck-off';
}

/** Where the roster of a household stands, by the village its row `0` names; nowhere when it names none. */
export function rosterKeysOf(head: Row): readonly RowKey[] {
  const village = factOf(head, 'village');
  if (village === undefined) return [];
  const id = keyOf(head).pk.slice('H#'.length);
  return [{ pk: `V#${village}`, sk: `1#${id}` }];
}

const Lock = z.object({
  household: z.string(),
  person: z.string().optional(),
  live: z.literal(true),
});

/** The rule for a row of a table, by its key. */
export function ruleOf(table: Restorable, row: Row): Rule {
  const { pk, sk } = keyOf(row);
  switch (table) {
    case 'household':
      if (pk.startsWith('H#')) return { kind: 'file' };
      if (sk?.startsWith('1#')) return { kind: 'roster' };
      // `2#…`, who left the village, `3#…`, its events, and `4#…`, evidence of its exit, stay for good.
      return { kind: sk === '0' ? 'own' : 'once' };
    case 'identity':
      return lockRule(row);
    case 'area':
    case 'job':
    case 'target':
    case 'pairing':
    // Nothing of what was done for a household is ever taken away.
    case 'care':
    // Where a request stood in a list before it ended may come back: lists pass over what the request itself contradicts.
    case 'case':
      return { kind: 'own' };
    case 'policy':
      // Results and coverage are drawn from households and policies, and come again.
      return { kind: /^[VG]#/.test(pk) ? 'drawn' : 'own' };
    case 'access':
      return { kind: 'once' };
    case 'summary':
      return { kind: pk.startsWith('Y#') ? 'once' : 'drawn' };
  }
}

/** A lock in force depends on who holds it; one that was freed keeps nobody out. */
function lockRule(row: Row): Rule {
  const { data } = Lock.safeParse(row);
  if (!data) return { kind: 'once' };
  const head = { pk: `H#${data.household}`, sk: '0' };
  const holder = data.person === undefined ? head : { ...head, sk: `1#${data.person}` };
  return { kind: 'lock', head, holder };
}
