import * as z from 'zod';

const Share = z.number().nonnegative();

/** List prices of one region on one day; where they come from stands beside them. */
export const Prices = z.object({
  date: z.iso.date(),
  region: z.string(),
  currency: z.string(),
  note: z.string(),
  sources: z.array(z.url()).min(1),
  price: z.object({
    writeUnitsPerMillion: Share,
    readUnitsPerMillion: Share,
    tableGbMonth: Share,
    recoveryGbMonth: Share,
    httpRequestsPerMillion: Share,
    functionRequestsPerMillion: Share,
    functionGbSecond: Share,
    queueRequestsPerMillion: Share,
    keyMonth: Share,
    keyRequestsPer10000: Share,
    alarmMonth: Share,
    logGbIngested: Share,
    logGbMonth: Share,
    objectGbMonth: Share,
    transferGb: Share,
  }),
});
export type Prices = z.infer<typeof Prices>;

export const Size = z.object({
  name: z.string(),
  households: z.int().positive(),
  persons: z.int().positive(),
  villages: z.int().positive(),
  areas: z.int().positive(),
});
export type Size = z.infer<typeof Size>;

/** What people are assumed to do in a month. */
export const Load = z.object({
  about: z.string(),
  sizes: z.array(Size).min(1),
  perHousehold: z.object({ fileReads: Share, changes: Share, listPages: Share, lookups: Share }),
  boardReadsPerArea: Share,
  childrenPerBoard: Share,
  importedShareOfPersons: Share,
  nights: Share,
  requestsPerKeyCall: z.number().positive(),
  requestMs: Share,
  requestGb: Share,
  answerBytes: Share,
  logBytesPerRequest: Share,
  logMonthsKept: Share,
  ledgerBytesPerPerson: Share,
});
export type Load = z.infer<typeof Load>;

const Units = z.object({ read: Share, write: Share });

/** Measured on DynamoDB Local: capacity units by operation, bytes by item. */
export const Measured = z.object({
  date: z.iso.date(),
  how: z.string(),
  /** One person of a newly imported household: file, locks, events, rosters, index entries. */
  importedPerson: Units,
  /** One fact of a household changed: file, event, roster, index entries. */
  change: Units,
  /** One recomputed area, without what it is computed from. */
  summary: Units,
  fileRead: Units,
  /** A page of 20 households. */
  listPage: Units,
  lookup: Units,
  rosterBytes: Share,
  summaryBytes: Share,
  storedBytesPerPerson: Share,
});
export type Measured = z.infer<typeof Measured>;

/** One line of the bill. */
export interface Line {
  readonly name: string;
  readonly amount: number;
}

interface Facts {
  readonly load: Load;
  readonly measured: Measured;
  readonly size: Size;
}

const GB = 1e9;
/** Levels above a household whose figures follow a change: village, town, county, city, province. */
const LEVELS = 5;
/** Messages per change: one to the figures and one to the lists, then one per level above the village. */
const MESSAGES = 2 + (LEVELS - 1);
/** Requests to a queue per message: send, receive, delete. */
const QUEUE_REQUESTS = 3;
/** Read units of a consistent query over so many bytes. */
const consistent = (bytes: number) => Math.ceil(bytes / 4096);

/** Things that happen in a month. */
export function happenings({ load, size }: Pick<Facts, 'load' | 'size'>) {
  const { perHousehold: each, boardReadsPerArea } = load;
  const of = (times: number) => size.households * times;
  const boards = size.areas * boardReadsPerArea;
  const changes = of(each.changes);
  const [files, pages, lookups] = [of(each.fileReads), of(each.listPages), of(each.lookups)];
  const requests = boards + changes + files + pages + lookups;
  return { boards, changes, files, pages, lookups, requests, messages: changes * MESSAGES };
}

/** Read and write units of a month. */
export function units({ load, measured, size }: Facts): { read: number; write: number } {
  const done = happenings({ load, size });
  const imported = size.persons * load.importedShareOfPersons;
  const village = consistent((size.households / size.villages) * measured.rosterBytes);
  const branch = consistent(load.childrenPerBoard * measured.summaryBytes);
  const perChange = village + (LEVELS - 1) * branch + LEVELS * measured.summary.read;
  const nightly = load.nights * (size.villages * village + size.areas * (branch + 1));
  return {
    read:
      done.changes * (measured.change.read + perChange) +
      done.files * measured.fileRead.read +
      done.pages * measured.listPage.read +
      done.lookups * measured.lookup.read +
      (done.boards * branch) / 2 +
      imported * measured.importedPerson.read +
      nightly,
    write:
      done.changes * (measured.change.write + LEVELS * measured.summary.write) +
      done.lookups * measured.lookup.write +
      imported * measured.importedPerson.write,
  };
}

/** The bill of a month, line by line. */
export function bill(
  facts: Facts & { readonly prices: Prices; readonly alarms: number },
): readonly Line[] {
  const { load, measured, size, alarms } = facts;
  const { price } = facts.prices;
  const done = happenings(facts);
  const { read, write } = units(facts);
  const stored = (size.persons * measured.storedBytesPerPerson) / GB;
  const calls = done.requests + done.messages;
  const seconds = (calls * load.requestMs) / 1000;
  const logs = (calls * load.logBytesPerRequest) / GB;
  const objects = (size.persons * load.ledgerBytesPerPerson) / GB;
  const million = 1e6;
  return [
    { name: 'DynamoDB writes', amount: (write / million) * price.writeUnitsPerMillion },
    { name: 'DynamoDB reads', amount: (read / million) * price.readUnitsPerMillion },
    {
      name: 'DynamoDB storage and recovery',
      amount: stored * (price.tableGbMonth + price.recoveryGbMonth),
    },
    { name: 'HTTP API', amount: (done.requests / million) * price.httpRequestsPerMillion },
    {
      name: 'Lambda',
      amount:
        (calls / million) * price.functionRequestsPerMillion +
        seconds * load.requestGb * price.functionGbSecond,
    },
    {
      name: 'SQS',
      amount: ((done.messages * QUEUE_REQUESTS) / million) * price.queueRequestsPerMillion,
    },
    {
      name: 'KMS',
      amount:
        2 * price.keyMonth + (calls / load.requestsPerKeyCall / 10_000) * price.keyRequestsPer10000,
    },
    { name: 'Alarms', amount: alarms * price.alarmMonth },
    {
      name: 'Logs',
      amount: logs * (price.logGbIngested + load.logMonthsKept * price.logGbMonth),
    },
    { name: 'S3', amount: objects * price.objectGbMonth },
    { name: 'Transfer out', amount: ((done.requests * load.answerBytes) / GB) * price.transferGb },
  ];
}

export function total(lines: readonly Line[]): number {
  return lines.reduce((sum, { amount }) => sum + amount, 0);
}
