import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type AreaCode, levelOf } from '../core/division.ts';
import {
  BY_PUBLICATION,
  beginsAfter,
  type Evaluation,
  type EvaluationMessage,
} from '../core/evaluation.ts';
import { homesOf } from '../household/table.ts';
import { type BatchAnswer, bodiesOf, collapse, type QueueBatch } from '../lib/batch.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { inLanes } from '../lib/lanes.ts';
import { sendAll } from '../lib/queue.ts';
import { homesToTell, personIn } from '../receipt/table.ts';
import { villagesToTell } from '../receipt/village-table.ts';
import {
  evaluationsOf,
  getEvaluation,
  newEvaluation,
  publicationTurn,
  takeTurn,
} from './job-table.ts';
import { villagePorts } from './port.ts';
import { bringUp } from './village.ts';

const settings = env({
  HOUSEHOLD_TABLE: z.string(),
  POLICY_TABLE: z.string(),
  JOB_TABLE: z.string(),
  ENTITLEMENT_QUEUE: z.string(),
  EVALUATION_QUEUE: z.string(),
});
const { HOUSEHOLD_TABLE: household, POLICY_TABLE: policy, JOB_TABLE: job } = settings;
const ports = villagePorts({ household, policy });

const Message = z.union([
  z.object({ village: z.string(), household: z.string().optional() }),
  z.object({ pk: z.string(), sk: z.string() }),
]);
type Message = z.infer<typeof Message>;

/** Villages to bring up to date, and of whom in them something is known to have changed. */
type Homes = ReadonlyMap<AreaCode, ReadonlySet<string>>;

/** What a message asks for. */
type Task = { readonly homes: Homes } | Published;

/** An area has published, changed or ended something; the last of its acts that we were told of. */
interface Published {
  readonly publisher: AreaCode;
  readonly act: string;
}

/** Where a receipt lies: under a household, or under a village by its code. */
interface Receiver {
  readonly holder: string;
  readonly person: string | undefined;
}

function receiverOf(message: Message): Receiver | undefined {
  if ('village' in message) return undefined;
  const [kind, of = ''] = message.pk.split('#');
  return kind === 'R' ? { holder: of, person: personIn(message.sk) } : undefined;
}

type Receivers = (receiver: Receiver) => Homes;

const LANES = 4;
/** Persons looked up at once. */
const LOOKUPS = 16;

/**
 * Of whom something was entered, or withdrawn, that was received: the household it lies under, where that stands now, and those its person
 * went to; the village, and those that took its place. Asked for a batch together: what departments paid comes in by the hundred.
 */
async function receiversIn(receivers: readonly Receiver[]): Promise<Receivers> {
  const villages = await villagesIn(receivers);
  const persons = [...new Set(receivers.flatMap(({ person }) => person ?? []))];
  const went = new Map(
    await inLanes(persons, LOOKUPS, async (one) => [one, await homesToTell(policy, one)] as const),
  );
  const toTell = ({ holder, person }: Receiver) => [holder, ...(went.get(person ?? '') ?? [])];
  const homes = await homesOf(
    { tables: { household } },
    receivers.filter(({ holder }) => !villages.has(holder)).flatMap(toTell),
  );
  return (receiver) =>
    villages.get(receiver.holder) ??
    toTell(receiver).reduce<Homes>((found, id) => {
      const home = homes.get(id);
      return home ? joined(found, new Map([[home.village, new Set([id])]])) : found;
    }, new Map());
}

/** The villages among them, each with those that count what it received. */
async function villagesIn(receivers: readonly Receiver[]): Promise<ReadonlyMap<string, Homes>> {
  const codes = new Set(
    receivers.map(({ holder }) => holder).filter((holder) => levelOf(holder) === 'village'),
  );
  const found = await inLanes([...codes], LOOKUPS, async (code) => {
    const told = await villagesToTell(policy, code);
    return [code, new Map(told.map((one) => [one, new Set<string>()]))] as const;
  });
  return new Map(found);
}

function taskOf(message: Message, receivers: Receivers): Task {
  if ('village' in message) {
    const { village, household: named } = message;
    return { homes: new Map([[village, new Set(named === undefined ? [] : [named])]]) };
  }
  const receiver = receiverOf(message);
  if (receiver) return { homes: receivers(receiver) };
  const [kind, of = ''] = message.pk.split('#');
  if (kind === 'E') return { publisher: of, act: message.sk };
  throw new Error('a message of no kind');
}

/** Homes of a message begin with its own village. */
function keyOf(task: Task): string {
  if ('publisher' in task) return `published ${task.publisher}`;
  const [own = ''] = task.homes.keys();
  return own;
}

function joined(one: Homes, other: Homes): Homes {
  const all = new Map(one);
  for (const [village, named] of other)
    all.set(village, new Set([...(all.get(village) ?? []), ...named]));
  return all;
}

/** Households of a village named by several messages are taken together; of what an area has done, its last act stands for all. */
function join(one: Task, other: Task): Task {
  if ('homes' in one && 'homes' in other) return { homes: joined(one.homes, other.homes) };
  return 'act' in one && 'act' in other && one.act < other.act ? other : one;
}

/** Households evaluated of a village at once: of one that has more due, the rest has messages of its own. */
const PER_VILLAGE = 400;
/** Households evaluated for a batch, which is done in half its time limit; what is left then has messages of its own too. */
const PER_BATCH = 4 * PER_VILLAGE;

/** A batch under way. */
interface Under {
  readonly toldAt: Date;
  /** How many households may still be evaluated. */
  left: number;
}

async function bringUpHomes(homes: Homes, batch: Under): Promise<void> {
  const { toldAt } = batch;
  for (const [village, named] of homes) {
    const most = Math.min(PER_VILLAGE, batch.left);
    batch.left -= most;
    const { evaluated, isWhole } = await bringUp(ports, { village, named, most, toldAt });
    batch.left += most - evaluated;
    if (!isWhole) await sendAll(settings.ENTITLEMENT_QUEUE, rest(village, named, most));
  }
}

/** Whoever is named comes first, so what is left of a village is seen by its rows; unless there are more than could be evaluated. */
function rest(village: AreaCode, named: ReadonlySet<string>, most: number): readonly Message[] {
  if (named.size <= most) return [{ village }];
  return [...named].map((one) => ({ village, household: one }));
}

/** An evaluation after a publication begins so many seconds later: whoever puts a policy list in order publishes more than once. */
const PAUSE_SECONDS = 10;

/**
 * An area has published, changed or ended something: its households are evaluated by the rules there are now. One evaluation for each act,
 * however often it is told; none where one has been asked for that has not looked at a rule yet: it is planned first, and who is told of an
 * act while it is not will have its act read. Nor where somebody else asks for one at this moment, since that looks later than our act.
 */
async function published({ publisher, act }: Published): Promise<void> {
  const digest = createHash('sha256').update(`${publisher} ${act}`).digest('hex').slice(0, 24);
  const id = `ev_${digest}`;
  if (!(await getEvaluation(job, id))) {
    const turn = await publicationTurn(job, publisher);
    const [latest] = await evaluationsOf(job, publisher, 1);
    if (latest?.state === 'planning') return;
    const next = asked({ id, area: publisher, startedAt: beginsAfter(latest, now()) });
    if (!(await newEvaluation(job, next, [takeTurn(job, turn, next)]))) return;
  }
  const first: EvaluationMessage = { step: 'open', job: id };
  await sendAll(settings.EVALUATION_QUEUE, [first], PAUSE_SECONDS);
}

function asked(given: Pick<Evaluation, 'id' | 'area' | 'startedAt'>): Evaluation {
  return {
    ...{ state: 'planning', plan: null, chunks: 0, villages: 0, households: 0 },
    ...{ actor: BY_PUBLICATION, role: null, reason: null, isWhole: false },
    ...{ finishedAt: null, version: 1, ...given },
  };
}

/** Keeps what households are entitled to, and the coverage of their villages, up to date after a change. */
export async function handler(batch: QueueBatch): Promise<BatchAnswer> {
  const under = { toldAt: now(), left: PER_BATCH };
  const known = bodiesOf(batch).flatMap((body) => Message.safeParse(body).data ?? []);
  const receivers = await receiversIn(known.flatMap((message) => receiverOf(message) ?? []));
  return collapse<Task>(batch, {
    read: (body) => taskOf(Message.parse(body), receivers),
    keyOf,
    join,
    work: (task) => ('homes' in task ? bringUpHomes(task.homes, under) : published(task)),
    lanes: LANES,
  });
}
