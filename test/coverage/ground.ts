import type { PolicyItem, PolicyLine } from '../../functions/core/policy.ts';
import { PolicyEvent } from '../../functions/core/policy-event.ts';
import type { Receipt } from '../../functions/core/receipt.ts';
import { ruleBook, villagePorts } from '../../functions/coverage/port.ts';
import { getCoverage } from '../../functions/coverage/table.ts';
import { type Asked, bringUp, type VillagePorts } from '../../functions/coverage/village.ts';
import { headOf, publish, saveLine } from '../../functions/policy/table.ts';
import { saveReceipts } from '../../functions/receipt/table.ts';
import type { Tables } from '../support/database.ts';
import { receipt } from '../support/receipt.ts';

/** Moves the one clock to that day, noon in Shanghai. */
export function itIs(day: string): void {
  process.env.STAGE = 'local';
  process.env.CLOCK_OFFSET_MS = String(Date.parse(`${day}T04:00:00Z`) - Date.now());
}

let count = 0;

/** Publishes items in their area under a document of their own. */
export async function published(tables: Tables, items: readonly PolicyItem[]): Promise<void> {
  const [{ area, enacted } = { area: '', enacted: undefined }] = items;
  if (!enacted) throw new Error('nothing to publish');
  count += 1;
  const id = `doc-${count}`;
  const document = {
    ...{ id, area, number: `文${count}`, issuer: '县政府', date: '2016-01-01', name: '政策' },
    ...{ validFrom: '2016-01-01', validTo: null, source: null, illustrative: true },
    ...{ publication: `pub_${count}`, enacted },
  };
  const own = items.map((item) => ({ ...item, document: id, publication: document.publication }));
  const event = PolicyEvent.parse({
    ...{ kind: 'published', area, role: 'office', ...enacted, document: id, line: null },
    ...{ items: [], validFrom: '2016-01-01' },
  });
  const head = await headOf(tables.policy, area);
  if (!(await publish(tables.policy, { document, items: own, event, head })))
    throw new Error('not published');
}

/** Sets a line of an area from a day on. */
export async function lined(
  tables: Tables,
  line: Pick<PolicyLine, 'id' | 'area' | 'fen' | 'validFrom'>,
): Promise<void> {
  const enacted = { actor: 'office', at: '2016-01-01T00:00:00.000Z', reason: '定线', order: null };
  const own = { ...line, validTo: null, version: 1, name: { zh: '某线', en: 'line' }, enacted };
  const event = PolicyEvent.parse({
    ...{ kind: 'line-set', area: line.area, role: 'office', ...enacted, document: null, items: [] },
    ...{ line: null, validFrom: line.validFrom },
  });
  const whole = { ...own, source: null, illustrative: true };
  if (!(await saveLine(tables.policy, { line: whole, event }))) throw new Error('no line');
}

/** Tells that somebody received something. */
export async function received(tables: Tables, given: Partial<Receipt>): Promise<void> {
  count += 1;
  const after = receipt({ id: `rc_${count}`, ...given });
  const late = await saveReceipts(tables.policy, [{ before: null, after, reason: '发放' }]);
  if (late.length > 0) throw new Error('not told');
}

/** Evaluating on the tables of a test, on a day that the test may move. */
export class Desk {
  readonly tables: Tables;
  readonly ports: VillagePorts;
  /** Households read to be evaluated. */
  readonly read: string[] = [];

  constructor(tables: Tables) {
    this.tables = tables;
    const ports = villagePorts(tables, ruleBook(tables));
    this.ports = {
      ...ports,
      subject: (household, at) => {
        this.read.push(household);
        return ports.subject(household, at);
      },
    };
  }

  bringUp(village: string, given: Omit<Asked, 'village'> = {}) {
    return bringUp(this.ports, { village, ...given });
  }

  /** Figures of an item in an area. */
  async figures(area: string, item: string): Promise<readonly number[] | undefined> {
    const row = await getCoverage(this.tables.policy, area);
    return row?.coverage.items.find((one) => one.item === item)?.figures;
  }
}
