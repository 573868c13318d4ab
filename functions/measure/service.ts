import { type Actor, mayReach } from '../core/access.ts';
import { dayOf } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { type HouseholdFile, villageOf } from '../core/household.ts';
import { contextAt, type DecisionContext, type HouseholdChange } from '../core/household-event.ts';
import { keeperOf, standsAt } from '../core/household-right.ts';
import { digestOf, type Measure, type MeasureDigest, type Measures } from '../core/measure.ts';
import {
  type Changing,
  changeMeasure,
  endMeasure,
  renewMeasure,
  repayMeasure,
} from '../core/measure-change.ts';
import { followMeasures, followPost } from '../core/measure-household.ts';
import type * as input from '../core/measure-input.ts';
import type { ModeList } from '../core/measure-mode.ts';
import { type MeasureDecision, openMeasure } from '../core/measure-open.ts';
import { type LastPost, postsWith } from '../core/measure-past.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { type LinkPorts, linksOf } from './link.ts';

/** What measures need of the outside. */
export interface Ports extends LinkPorts {
  now(): Date;
  newId(kind: string): string;
  file(household: string): Promise<HouseholdFile | undefined>;
  /** Households into which a household was split or merged. */
  successors(household: string): Promise<readonly string[]>;
  digest(household: string): Promise<Measures>;
  measure(household: string, id: string): Promise<Measure | undefined>;
  modes(village: AreaCode): Promise<ModeList>;
  /** The post a person has or had last, in whatever household, with the version it stands at. */
  post(person: string): Promise<PostKnown | undefined>;
}

export interface PostKnown extends LastPost {
  readonly version: number;
}

/** A decided step of a measure, with what is written along. */
export interface MeasureStep {
  readonly decision: MeasureDecision;
  readonly digest: { readonly before: Measures; readonly after: readonly MeasureDigest[] };
  readonly post?: {
    readonly before: PostKnown | undefined;
    readonly after: LastPost;
  };
  /** The change of the household, where its facts follow. */
  readonly household?: HouseholdChange & { readonly before: HouseholdFile };
  /** The change of the household in which the person of a post lives now, where that is another one. */
  readonly elsewhere?: HouseholdChange & { readonly before: HouseholdFile };
}

function reaches(actor: Actor, { household }: HouseholdFile): boolean {
  return mayReach(actor, { village: villageOf(household), helperSubs: household.helperSubs });
}

/** Whoever may state by what a household is helped may keep its measures. Refusals: measure-above-right. */
function refuseRight(actor: Actor, village: AreaCode, today: string): Refusal | undefined {
  const level = keeperOf({ of: 'household', name: 'measures' }, village, today);
  return standsAt(actor, village, level) ? undefined : refuse('measure-above-right', { level });
}

/** A household whose measures somebody may keep. Refusals: not-found, measure-above-right. */
async function household(
  ports: Ports,
  actor: Actor,
  id: string,
): Promise<Decided<{ readonly file: HouseholdFile; readonly context: DecisionContext }>> {
  const file = await ports.file(id);
  if (!file || !reaches(actor, file)) return refuse('not-found');
  const now = ports.now();
  const above = refuseRight(actor, villageOf(file.household), dayOf(now));
  return above ?? { ok: { file, context: contextAt(actor, now, ports.newId) } };
}

/**
 * A measure begins; the household's facts follow from its day on. Refusals: not-found, measure-above-right, measure-link and those of `openMeasure`.
 */
export async function open(
  ports: Ports,
  asked: { readonly actor: Actor; readonly household: string },
  body: input.NewMeasure,
): Promise<Decided<MeasureStep>> {
  const found = await household(ports, asked.actor, asked.household);
  if (isRefused(found)) return found;
  const { file, context } = found.ok;
  const village = villageOf(file.household);
  const day = body.startedOn ?? context.today;
  const responsible = await linksOf(ports, { household: file.household, village, day }, body);
  if (isRefused(responsible)) return responsible;
  const isPost = body.kind === 'public-post' && body.person !== undefined;
  const [before, modes, lastPost] = await Promise.all([
    ports.digest(file.household.id),
    ports.modes(village),
    isPost ? ports.post(body.person ?? '') : undefined,
  ]);
  const ground = { file, modes, lastPost, measures: before.measures, responsible: responsible.ok };
  const opened = openMeasure(body, ground, { ...context, measureId: ports.newId('ms') });
  if (isRefused(opened)) return opened;
  const step = stepOf(opened.ok, before, isPost ? { before: lastPost } : undefined);
  return follow(step, file, { context, reason: body.note ?? null });
}

/** @param posts those of the person, where a post begins or ends */
function stepOf(
  decision: MeasureDecision,
  before: Measures,
  posts?: { readonly before: PostKnown | undefined },
): MeasureStep {
  const { measure } = decision;
  const others = before.measures.filter(({ id }) => id !== measure.id);
  const step = { decision, digest: { before, after: [...others, digestOf(measure)] } };
  if (!posts) return step;
  const { id, household, startedOn, endedOn } = measure;
  // One entered by mistake keeps nobody from another.
  const last = measure.result === 'error' ? startedOn : endedOn;
  const own = { household, measure: id, startedOn, endedOn: last };
  // Put even where a later one stays the last: whoever enters another meanwhile must look again.
  return { ...step, post: { before: posts.before, after: postsWith(posts.before, own) } };
}

/** The household's facts and history follow a measure that begins or ends, of one that was struck off too: it may come back. */
function follow(step: MeasureStep, file: HouseholdFile, about: Following): Decided<MeasureStep> {
  const changed = followMeasures(file, ...followed(step, about));
  if (isRefused(changed)) return changed;
  return { ok: { ...step, household: { ...changed.ok, before: file } } };
}

interface Following {
  readonly context: DecisionContext;
  readonly reason: string | null;
}

/** Posts of the person in other households: what is entered here does not take those away. */
function elsewhereOf({ decision: { measure }, post }: MeasureStep) {
  const { person } = measure;
  if (!post || person === null) return [];
  const all = [post.after, ...post.after.others];
  const others = all.filter(({ household: of }) => of !== measure.household);
  return others.map(({ startedOn, endedOn }) => ({ person, startedOn, endedOn }));
}

function followed(step: MeasureStep, { context, reason }: Following) {
  const { decision, digest } = step;
  const { measure, event } = decision;
  const told = {
    kind: event.kind === 'ended' ? 'measure-ended' : 'measure-opened',
    ...{ measure, heldOn: event.heldOn, reason },
  } as const;
  return [
    {
      ...{ before: digest.before.measures, after: digest.after },
      elsewhere: elsewhereOf(step),
    },
    { told, context },
  ] as const;
}

/** How often a household of somebody is looked for that split or merged again. */
const MOST_SUCCESSORS = 10;

/** The household in which somebody lives who went from another one by a split or a merger. */
async function homeOf(
  ports: Ports,
  person: string,
  from: string,
): Promise<HouseholdFile | undefined> {
  const known = new Set([from]);
  for (const id of known) {
    const file = id === from ? undefined : await ports.file(id);
    if (file?.household.members.some((one) => one.id === person)) return file;
    if (known.size <= MOST_SUCCESSORS)
      for (const next of await ports.successors(id)) known.add(next);
  }
  return undefined;
}

/** With the household in which the person of a post lives now, where that is another one that the actor may reach. */
async function followElsewhere(
  ports: Ports,
  { step, actor }: { readonly step: MeasureStep; readonly actor: Actor },
  about: Following,
): Promise<Decided<MeasureStep>> {
  const { household: left, person } = step.decision.measure;
  const isHere = step.household?.next.household.members.some(({ id }) => id === person);
  const { post } = step;
  const isLast = post?.after.measure === step.decision.measure.id;
  if (!isLast || person === null || isHere) return { ok: step };
  const file = await homeOf(ports, person, left);
  if (!file || !reaches(actor, file)) return { ok: step };
  const changed = followPost(file, ...followed(step, about));
  if (isRefused(changed)) return changed;
  return { ok: changed.ok ? { ...step, elsewhere: { ...changed.ok, before: file } } : step };
}

/** Who acts on which measure, and the version of it that was read. */
export interface Acting {
  readonly actor: Actor;
  readonly household: string;
  readonly id: string;
  readonly version: number;
}

interface Loaded extends Changing {
  readonly file: HouseholdFile;
  readonly before: Measures;
}

/** Refusals: not-found, measure-above-right, version-stale. */
async function load(ports: Ports, acting: Acting): Promise<Decided<Loaded>> {
  const found = await household(ports, acting.actor, acting.household);
  if (isRefused(found)) return found;
  const { file, context } = found.ok;
  const [measure, before] = await Promise.all([
    ports.measure(acting.household, acting.id),
    ports.digest(acting.household),
  ]);
  if (!measure) return refuse('not-found');
  if (measure.version !== acting.version)
    return refuse('version-stale', { version: measure.version });
  return { ok: { file, context, measure, before } };
}

/** Refusals: those of `load`, measure-link, those of `changeMeasure`. */
export async function change(
  ports: Ports,
  acting: Acting,
  body: input.MeasureChanges,
): Promise<Decided<MeasureStep>> {
  const loaded = await load(ports, acting);
  if (isRefused(loaded)) return loaded;
  const { file, measure, before } = loaded.ok;
  const place = { household: file.household, village: villageOf(file.household) };
  const responsible = await linksOf(ports, { ...place, day: measure.startedOn }, body);
  if (isRefused(responsible)) return responsible;
  const { responsible: _, ...others } = body;
  const changed = changeMeasure(loaded.ok, others, responsible.ok);
  return isRefused(changed) ? changed : { ok: stepOf(changed.ok, before) };
}

/** What happens to a measure without a change of the household's facts. */
async function happen(
  ports: Ports,
  acting: Acting,
  decide: (loaded: Loaded) => Decided<MeasureDecision>,
): Promise<Decided<MeasureStep>> {
  const loaded = await load(ports, acting);
  if (isRefused(loaded)) return loaded;
  const decided = decide(loaded.ok);
  return isRefused(decided) ? decided : { ok: stepOf(decided.ok, loaded.ok.before) };
}

/** Refusals: those of `load` and `repayMeasure`. */
export function repay(ports: Ports, acting: Acting, body: input.Repayment) {
  return happen(ports, acting, (loaded) => repayMeasure(loaded, body));
}

/** Refusals: those of `load` and `renewMeasure`. */
export function renew(ports: Ports, acting: Acting, body: input.Renewal) {
  return happen(ports, acting, (loaded) =>
    renewMeasure(loaded, body, villageOf(loaded.file.household)),
  );
}

/** A measure ends; the household's facts follow. Refusals: those of `load` and `endMeasure`. */
export async function end(
  ports: Ports,
  acting: Acting,
  body: input.MeasureEnd,
): Promise<Decided<MeasureStep>> {
  const loaded = await load(ports, acting);
  if (isRefused(loaded)) return loaded;
  const { file, before, context, measure } = loaded.ok;
  const ended = endMeasure(loaded.ok, body);
  if (isRefused(ended)) return ended;
  const isPost = measure.details?.type === 'post' && measure.person !== null;
  const posts = isPost ? { before: await ports.post(measure.person ?? '') } : undefined;
  const about = { context, reason: body.result };
  const step = follow(stepOf(ended.ok, before, posts), file, about);
  if (isRefused(step)) return step;
  return followElsewhere(ports, { step: step.ok, actor: acting.actor }, about);
}
