import { type AreaCode, ancestorAt, ancestorsOf } from '../core/division.ts';
import {
  PolicyDocument as DocumentShape,
  type Policies,
  type PolicyDocument,
  PolicyItem,
  PolicyLine,
} from '../core/policy.ts';
import { now } from '../lib/clock.ts';
import { queryAll } from '../lib/dynamo.ts';
import { documentKey, itemKey, keptUnder, lineKey } from './key.ts';

export * from './write.ts';
export { documentKey, itemKey, lineKey };

/** What one area has published, from its own partitions; items of a document that never came to stand are left out. */
async function publishedBy(table: string, area: AreaCode): Promise<Policies> {
  const documents = new Map<string, PolicyDocument>();
  const items: PolicyItem[] = [];
  for await (const item of queryAll(table, { pk: keptUnder.documents(area), consistent: true })) {
    if (String(item.sk).includes('#')) items.push(PolicyItem.parse(item));
    else {
      const document = DocumentShape.parse(item);
      documents.set(document.id, document);
    }
  }
  const lines: PolicyLine[] = [];
  for await (const item of queryAll(table, { pk: keptUnder.lines(area), consistent: true }))
    lines.push(PolicyLine.parse(item));
  return {
    documents: [...documents.values()],
    items: items.filter((one) => documents.get(one.document)?.publication === one.publication),
    lines,
  };
}

function addUp(all: readonly Policies[]): Policies {
  return {
    documents: all.flatMap(({ documents }) => documents),
    items: all.flatMap(({ items }) => items),
    lines: all.flatMap(({ lines }) => lines),
  };
}

/** Only counties and what lies above them publish: a town's or a village's is that of its county. */
function publishersOf(area: AreaCode): readonly AreaCode[] {
  const widest = ancestorAt(area, 'county');
  return [widest, ...ancestorsOf(widest)];
}

/** What is published in an area and those above it as it stands now, for whoever decides on it. */
export async function policiesNow(table: string, area: AreaCode): Promise<Policies> {
  return addUp(await Promise.all(publishersOf(area).map((one) => publishedBy(table, one))));
}

/** How long what an area has published is believed, in milliseconds. */
const BELIEVED_MS = 60_000;
/** Areas remembered at most. */
const REMEMBERED = 500;

interface Believed {
  readonly found: Promise<Policies>;
  readonly until: number;
}

const believed = new Map<string, Believed>();

async function remembered(table: string, area: AreaCode): Promise<Policies> {
  const at = now().getTime();
  const name = `${table} ${area}`;
  const known = believed.get(name);
  if (known && known.until > at) return known.found;
  if (believed.size >= REMEMBERED) believed.clear();
  const found = publishedBy(table, area);
  believed.set(name, { found, until: at + BELIEVED_MS });
  try {
    return await found;
  } catch (fault) {
    believed.delete(name);
    throw fault;
  }
}

/** Forgets what was believed, so that who has just published sees it. */
export function forgetPolicies(): void {
  believed.clear();
}

/**
 * What is published in an area and those above it, every version; believed for a minute per function
 * instance.
 */
export async function policiesFor(table: string, area: AreaCode): Promise<Policies> {
  return addUp(await Promise.all(publishersOf(area).map((one) => remembered(table, one))));
}
