import * as z from 'zod';
import type { Activity } from './activity.ts';
import { messageOf } from './fault.ts';
import { type Json, type JsonObject, parseJson, parseObject } from './json.ts';
import { type LocalClock, moveMs } from './local-clock.ts';
import type { Logs } from './logs.ts';
import { pick } from './pick.ts';
import { ofType, type Resource } from './resources.ts';
import { type Timing, timingOf } from './schedule.ts';
import { type Destinations, sendTo, type Target, targetSchema } from './targets.ts';

const scheduleSchema = z.looseObject({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.string().default('ENABLED'),
  Target: targetSchema,
});
const ruleSchema = z.looseObject({
  ScheduleExpression: z.string().optional(),
  State: z.string().default('ENABLED'),
  Targets: z.array(targetSchema).default([]),
});

interface Schedule {
  name: string;
  logicalId: string;
  enabled: boolean;
  timing: Timing;
  targets: readonly Target[];
}

export interface SchedulerSurroundings extends Destinations {
  clock: LocalClock;
  activity: Activity;
  logs: Logs;
  /** called after the clock was moved */
  moved: () => Promise<void>;
}

const longestSleepMs = 3_600_000;

/** Fires the templates' schedules by the run's own clock: as time passes, on demand, and when the clock is moved. */
export class Scheduler {
  readonly #schedules: readonly Schedule[];
  readonly #around: SchedulerSurroundings;
  #timer: NodeJS.Timeout | undefined;
  #moving: Promise<void> = Promise.resolve();

  constructor(resources: readonly Resource[], around: SchedulerSurroundings) {
    this.#schedules = readSchedules(resources);
    this.#around = around;
  }

  /** From now on. What was due while nothing ran is not made up for; `clock` does that on purpose. */
  start(): void {
    const { clock, logs } = this.#around;
    clearTimeout(this.#timer);
    const from = clock.now();
    const [first] = this.#due(from, new Date(from.getTime() + longestSleepMs));
    const until = first?.at.getTime() ?? from.getTime() + longestSleepMs;
    this.#timer = setTimeout(() => {
      for (const { schedule, at } of this.#due(from, clock.now())) {
        this.#fire(schedule, at).catch((fault) => logs.add('local', messageOf(fault)));
      }
      this.start();
    }, until - from.getTime());
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  names(): string[] {
    return this.#schedules.map(({ name }) => name);
  }

  /**
   * Fires one schedule now and waits until its work is done.
   * @param wanted its name or logical id, or the end or a part of it
   * @param input further fields for the input the template gives it
   * @throws LocalError NOT_FOUND; Error when the function failed
   */
  async trigger(wanted: string, input: JsonObject = {}): Promise<void> {
    const found = pick(this.#schedules, wanted, (one) => [one.name, one.logicalId]);
    await this.#fire(found, this.#around.clock.now(), input);
  }

  /** Moves the clock forward, stopping at every due schedule on the way, in order. */
  async move(move: string): Promise<void> {
    const byMs = moveMs(move);
    const before = this.#moving;
    this.#moving = before.catch(() => {}).then(() => this.#move(byMs));
    await this.#moving;
  }

  async #move(byMs: number): Promise<void> {
    const { clock, activity, logs, moved } = this.#around;
    this.stop();
    const from = clock.now();
    const target = new Date(from.getTime() + byMs);
    for (const { schedule, at } of this.#due(from, target)) {
      clock.set(at);
      await this.#fire(schedule, at).catch((fault) => logs.add('local', messageOf(fault)));
      await activity.idle(30_000).catch((fault) => logs.add('local', messageOf(fault)));
    }
    clock.set(target);
    await moved();
    this.start();
  }

  /** Every firing after the one moment up to the other, in order. */
  *#due(after: Date, until: Date): Generator<{ schedule: Schedule; at: Date }> {
    let from = after;
    for (;;) {
      const next = this.#schedules
        .filter(({ enabled }) => enabled)
        .map((schedule) => ({ schedule, at: schedule.timing.next(from) }))
        .flatMap(({ schedule, at }) => (at !== undefined && at <= until ? [{ schedule, at }] : []))
        .toSorted((one, other) => one.at.getTime() - other.at.getTime());
      const [first] = next;
      if (first === undefined) return;
      yield* next.filter(({ at }) => at.getTime() === first.at.getTime());
      from = first.at;
    }
  }

  async #fire({ targets }: Schedule, at: Date, more: JsonObject = {}): Promise<void> {
    await Promise.all(
      targets.map((target) => sendTo(target, inputOf(target, at, more), this.#around)),
    );
  }
}

function inputOf({ Input }: Target, at: Date, more: JsonObject): Json {
  const text = Input?.replaceAll('<aws.scheduler.scheduled-time>', at.toISOString());
  const extra = Object.keys(more).length > 0;
  if (text !== undefined && !extra) return parseObject(text) ?? parseJson(text);
  return { ...parseObject(text), ...more };
}

function readSchedules(resources: readonly Resource[]): Schedule[] {
  const schedules = ofType(resources, 'AWS::Scheduler::Schedule', scheduleSchema).map(
    ({ name, logicalId, is }) => ({
      name,
      logicalId,
      enabled: is.State !== 'DISABLED',
      timing: timingOf(is.ScheduleExpression, is.ScheduleExpressionTimezone),
      targets: [is.Target],
    }),
  );
  const rules = ofType(resources, 'AWS::Events::Rule', ruleSchema).flatMap(
    ({ name, logicalId, is }) => {
      if (is.ScheduleExpression === undefined) return [];
      const timing = timingOf(is.ScheduleExpression, 'UTC');
      return [{ name, logicalId, enabled: is.State !== 'DISABLED', timing, targets: is.Targets }];
    },
  );
  return [...schedules, ...rules];
}
