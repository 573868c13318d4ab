import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type AreaCode, levelOf } from '../core/division.ts';
import { BY_PUBLICATION, type Evaluation, type EvaluationMessage } from '../core/evaluation.ts';
import { homesOf } from '../household/table.ts';
import { type BatchAnswer, collapse, type QueueBatch } from '../lib/batch.ts';
import { now, today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { inLanes } from '../lib/lanes.ts';
import { sendAll } from '../lib/queue.ts';
import { homesToTell, personIn } from '../receipt/table.ts';
import { villagesToTell } from '../receipt/village-table.ts';
import { addUp } from './area.ts';
import { evaluationsOf, getEvaluation, newEvaluation } from './job-table.ts';
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
  z.object({ area: z.string() }),
  z.object({ pk: z.string(), sk: z.string() }),
]);
type Message = z.infer<typeof Message>;

/** What a message asks for. */
type Task =
  | { readonly village: AreaCode; readonly named: ReadonlySet<string> }
  | { readonly area: AreaCode }
  | { readonly receiver: string; readonly persons: ReadonlySet<string> }
  | { readonly publisher: AreaCode; readonly act: string };

function taskOf(message: Message): Task {
  if ('village' in message) {
    const { village, household: named } = message;
    return { village, named: new Set(named === undefined ? [] : [named]) };
  }
  if ('area' in message) return message;
  const [kind, of = ''] = message.pk.split('#');
  if (kind === 'R') {
    const person = personIn(message.sk);
    return { receiver: of, persons: new Set(person === undefined ? [] : [person]) };
  }
  if (kind === 'E') return { publisher: of, act: message.sk };
  throw new Error('a message of no kind');
}

function keyOf(task: Task): string {
  if ('village' in task) return task.village;
  if ('area' in task) return task.area;
  return 'receiver' in task ? task.receiver : `${task.publisher} ${task.act}`;
}

/** Households of a village, or persons of a household, named by several messages are taken together. */
function join(one: Task, other: Task): Task {
  if ('village' in one && 'village' in other)
    return { village: one.village, named: new Set([...one.named, ...other.named]) };
  if ('receiver' in one && 'receiver' in other)
    return { receiver: one.receiver, persons: new Set([...one.persons, ...other.persons]) };
  return one;
}

const LANES = 4;
/** Households evaluated for one message: of a village that has more due, the rest has messages of its own. */
const PER_MESSAGE = 400;

async function village(code: AreaCode, named: ReadonlySet<string>): Promise<void> {
  const { isWhole } = await bringUp(ports, { village: code, named, most: PER_MESSAGE });
  if (!isWhole) await sendAll(settings.ENTITLEMENT_QUEUE, rest(code, named));
}

function rest(code: AreaCode, named: ReadonlySet<string>): readonly Message[] {
  if (named.size < PER_MESSAGE) return [{ village: code }];
  return [...named].map((one) => ({ village: code, household: one }));
}

/**
 * Something was entered, or withdrawn, that was received: its household is evaluated where it stands now, and those its person went to. Of
 * what a village received it is counted, and whoever took its place.
 */
async function received(id: string, persons: ReadonlySet<string>): Promise<void> {
  if (levelOf(id) === 'village') {
    for (const code of await villagesToTell(policy, id)) await village(code, new Set());
    return;
  }
  const told = await inLanes([...persons], LANES, (person) => homesToTell(policy, person));
  const homes = await homesOf({ tables: { household } }, [...new Set([id, ...told.flat()])]);
  const byVillage = Map.groupBy(homes, ([, { village: code }]) => code);
  for (const [code, found] of byVillage) await village(code, new Set(found.map(([one]) => one)));
}

/**
 * An area has published, changed or ended something: its households are evaluated by the rules there are now. One evaluation for each act,
 * however often it is told; none where one has been asked for that has not looked at a rule yet.
 */
async function published(area: AreaCode, act: string): Promise<void> {
  const id = `ev_${createHash('sha256').update(`${area} ${act}`).digest('hex').slice(0, 24)}`;
  if (!(await getEvaluation(job, id))) {
    const [latest] = await evaluationsOf(job, area, 1);
    if (latest?.state === 'planning') return;
    await newEvaluation(job, asked(id, area));
  }
  const first: EvaluationMessage = { step: 'open', job: id };
  await sendAll(settings.EVALUATION_QUEUE, [first]);
}

function asked(id: string, area: AreaCode): Evaluation {
  return {
    ...{ id, area, state: 'planning', plan: null, chunks: 0, villages: 0, households: 0 },
    ...{ actor: BY_PUBLICATION, role: null, reason: null, isWhole: false },
    ...{ startedAt: now().toISOString(), finishedAt: null, version: 1 },
  };
}

async function work(task: Task): Promise<void> {
  if ('village' in task) return village(task.village, task.named);
  if ('receiver' in task) return received(task.receiver, task.persons);
  if ('publisher' in task) return published(task.publisher, task.act);
  return levelOf(task.area) ? addUp(ports, task.area, today()) : undefined;
}

/** Keeps what households are entitled to, and the coverage drawn from it, up to date after a change. */
export function handler(batch: QueueBatch): Promise<BatchAnswer> {
  return collapse(batch, {
    read: (body) => taskOf(Message.parse(body)),
    keyOf,
    join,
    work,
    lanes: LANES,
  });
}
