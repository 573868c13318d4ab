import { PutObjectCommand } from '@aws-sdk/client-s3';
import { areaResolver, divisionsUnder } from '../../functions/area/table.ts';
import type { Actor } from '../../functions/core/access.ts';
import type { Import, ImportKind, Outcome } from '../../functions/core/import.ts';
import type { PlannedEntry } from '../../functions/core/import-entry.ts';
import { planEntries } from '../../functions/import/account.ts';
import { divisionsKind } from '../../functions/import/divisions.ts';
import { helpersKind } from '../../functions/import/helpers.ts';
import { registryOf } from '../../functions/import/household.ts';
import { uploadKey } from '../../functions/import/place.ts';
import { readImport } from '../../functions/import/reading.ts';
import { receiptPortsOf } from '../../functions/import/receipt-ports.ts';
import { type ReceiptPorts, receiptsKind } from '../../functions/import/receipts.ts';
import { registryKind } from '../../functions/import/registry.ts';
import { type Announced, announce, approve, type Ports } from '../../functions/import/service.ts';
import { createImport, loadImport, saveImport } from '../../functions/import/table.ts';
import { villagesKind } from '../../functions/import/villages.ts';
import { type ImportMessage, type Works, work } from '../../functions/import/work.ts';
import { store as objectStore } from '../../functions/lib/objects.ts';
import { granted } from './build.ts';
import type { Tables } from './database.ts';
import { storeOf } from './store.ts';

export const uploader: Actor = { sub: 'town-clerk', role: 'office', areas: ['350122'] };
export const approver: Actor = { sub: 'county-office', role: 'office', areas: ['350122'] };

let count = 0;

/** A new import id. */
export function importId(): string {
  count += 1;
  return `imp_${count.toString(16).padStart(32, '0')}`;
}

/** The import functions wired to real tables and the local object store, their queue a list that a test works off as it likes. */
export function importer(
  tables: Tables,
  now = new Date('2017-10-23T02:00:00Z'),
  given: {
    readonly entriesAChunk?: number;
    readonly tick?: () => void;
    readonly items?: ReceiptPorts['items'];
  } = {},
) {
  const queue: ImportMessage[] = [];
  const store = storeOf(tables);
  const vault = { bucket: 'county', keys: store.keys };
  const send = async (messages: readonly ImportMessage[]) => {
    for (const message of messages) {
      given.tick?.();
      queue.push(message);
    }
    given.tick?.();
  };
  const ports: Ports = {
    now: () => now,
    create: (created) => createImport(tables.job, created),
    load: (id) => loadImport(tables.job, id),
    save: (found, changes) => saveImport(tables.job, found, changes),
    entries: (found, chunk, outcome) =>
      planEntries({ jobTable: tables.job, vault }, found, { chunk, outcome }),
    present: (area) => areaResolver(tables.area)([area]),
    send,
  };
  const works: Works = {
    jobTable: tables.job,
    vault,
    kinds: {
      divisions: divisionsKind(tables.area),
      registry: registryKind(registryOf(store, tables.area)),
      villages: villagesKind(tables),
      helpers: helpersKind({ store, area: tables.area, pairing: tables.pairing }),
      receipts: receiptsKind(
        receiptPortsOf({
          store,
          area: tables.area,
          policy: tables.policy,
          items: given.items,
        }),
      ),
    },
    send,
    now: () => now,
  };
  const readings = {
    jobTable: tables.job,
    vault,
    places: (area: string) => divisionsUnder(tables.area, area.slice(0, 6)),
    send,
    now: () => now,
    newAttempt: () => crypto.randomUUID(),
    ...(given.entriesAChunk !== undefined && { entriesAChunk: given.entriesAChunk }),
  };
  const load = async (id: string): Promise<Import> => {
    const found = await loadImport(tables.job, id);
    if (!found) throw new Error('no import');
    return found;
  };
  /** Works off the queue until it is empty. */
  const drain = async (): Promise<void> => {
    for (let message = queue.shift(); message; message = queue.shift()) await work(works, message);
  };
  /** Announces and uploads a file, and does not read it yet. */
  const upload = async (
    bytes: Uint8Array,
    about: Partial<Announced> & { readonly kind: ImportKind; readonly fileName: string },
    actor = uploader,
  ): Promise<string> => {
    const id = importId();
    granted(await announce(ports, actor, { id, size: bytes.length, ...about }));
    const place = { Bucket: vault.bucket, Key: uploadKey(id) };
    await objectStore().send(new PutObjectCommand({ ...place, Body: bytes }));
    return id;
  };
  const read = (id: string) => readImport(readings, id);
  /** Announces, uploads, reads and matches. */
  const plan = async (...file: Parameters<typeof upload>): Promise<Import> => {
    const id = await upload(...file);
    await read(id);
    await drain();
    return load(id);
  };
  const applyBy = async (actor: Actor, planned: Import): Promise<Import> => {
    granted(await approve(ports, actor, { id: planned.id, plan: planned.plan ?? '' }));
    await drain();
    return load(planned.id);
  };
  const apply = (planned: Import) => applyBy(approver, planned);
  /** Every entry of the plan of an outcome (all without one), in the order of the file. */
  const entries = async (found: Import, outcome?: Outcome): Promise<readonly PlannedEntry[]> => {
    const all: PlannedEntry[] = [];
    for (let chunk = 0; chunk < (found.chunks ?? 0); chunk += 1) {
      const page = await ports.entries(found, chunk, outcome);
      all.push(...(page?.entries ?? []));
    }
    return outcome === undefined ? all : all.filter((entry) => entry.outcome === outcome);
  };
  return {
    queue,
    store,
    vault,
    ports,
    works,
    readings,
    load,
    drain,
    upload,
    read,
    plan,
    apply,
    applyBy,
    entries,
  };
}

export type Importer = ReturnType<typeof importer>;
