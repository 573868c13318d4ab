import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Json, JsonObject } from './json.ts';
import { parseJson } from './json.ts';
import { matches } from './pattern.ts';
import { account, ofType, type Resource } from './resources.ts';
import type { ObjectCreated } from './s3-server.ts';
import { type Destinations, sendTo, targetSchema } from './targets.ts';

const ruleSchema = z.looseObject({
  EventPattern: z.json().optional(),
  State: z.string().default('ENABLED'),
  Targets: z.array(targetSchema).default([]),
});

/** The default event bus: hands each event to the targets of the rules it fits. */
export class EventBus {
  readonly #rules;
  readonly #to: Destinations;
  readonly #region: string;

  constructor(resources: readonly Resource[], to: Destinations, region: string) {
    this.#rules = ofType(resources, 'AWS::Events::Rule', ruleSchema).filter(
      ({ is }) => is.State !== 'DISABLED' && is.EventPattern !== undefined,
    );
    this.#to = to;
    this.#region = region;
  }

  /** @param now the run's own time */
  put(event: { source: string; type: string; resources: string[]; detail: Json }, now: Date): void {
    const envelope: JsonObject = {
      version: '0',
      id: randomUUID(),
      'detail-type': event.type,
      source: event.source,
      account,
      time: now.toISOString(),
      region: this.#region,
      resources: event.resources,
      detail: event.detail,
    };
    for (const { is } of this.#rules) {
      if (!matches(is.EventPattern ?? null, envelope)) continue;
      for (const target of is.Targets) {
        const input = target.Input === undefined ? envelope : parseJson(target.Input);
        // A failing function is the business of its own retries and destination.
        sendTo(target, input, this.#to).catch(() => {});
      }
    }
  }

  /** What S3 tells EventBridge about a new object. The key is not percent-encoded there. */
  objectCreated(object: ObjectCreated, now: Date): void {
    const { bucket, key, size, etag, reason } = object;
    this.put(
      {
        source: 'aws.s3',
        type: 'Object Created',
        resources: [`arn:aws:s3:::${bucket}`],
        detail: {
          version: '0',
          bucket: { name: bucket },
          object: { key, size, etag, sequencer: Date.now().toString(16).toUpperCase() },
          'request-id': randomUUID(),
          requester: account,
          'source-ip-address': '127.0.0.1',
          reason,
        },
      },
      now,
    );
  }
}
