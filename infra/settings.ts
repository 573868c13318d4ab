import type { App } from 'aws-cdk-lib';
import * as z from 'zod';
import { levelOf } from '../functions/core/division.ts';

/** A whole number; API Gateway itself takes no more than the account's quota, by default this much. */
const limit = (name: string, max: number) => {
  const error = `${name}: a whole number from 1 to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(1, { error }).max(max, { error });
};

/** What `-c name=value` may say. Everything has a default on stage `local`; elsewhere the issuer must be named. */
const context = z.object({
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,15}$/, 'stage: a lower-case word of at most 16 letters and digits')
    .default('local'),
  root: z
    .string()
    .refine((code) => levelOf(code) !== undefined, 'root: a division code such as 350122')
    .default('350122'),
  issuer: z.url({ protocol: /^https$/, error: 'issuer: an https address' }).optional(),
  audience: z.string().min(1).default('bangfu-local'),
  origins: z.string().optional(),
  alarmTopic: z
    .string()
    .regex(/^arn:[^:]+:sns:[^:]+:\d+:.+$/, 'alarmTopic: the ARN of an SNS topic')
    .optional(),
  region: z.string().optional(),
  requestsPerSecond: limit('requestsPerSecond', 10_000).default(100),
  requestBurst: limit('requestBurst', 5_000).default(200),
});

export interface Settings {
  readonly stage: string;
  /** Division code of the whole deployment. */
  readonly root: string;
  readonly issuer: string;
  readonly audience: string;
  /** Web addresses whose pages may call the API and upload to the bucket. */
  readonly origins: readonly string[];
  readonly alarmTopic?: string | undefined;
  /** Left open, the stacks go to the region of the credentials; templates are the same either way. */
  readonly region?: string | undefined;
  /** Sustained requests a second and burst for the whole API. */
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
}

const local = {
  issuer: 'https://local.bangfu.invalid/',
  origins: ['http://127.0.0.1:3000', 'http://localhost:3000'],
};

/**
 * Reads the context of a deployment.
 * @throws Error in one sentence per fault: a value is not understood, or a deployment names no issuer or audience
 */
export function readSettings(app: App): Settings {
  const given = Object.fromEntries(
    Object.keys(context.shape).map((key) => [key, textOf(app.node.tryGetContext(key))]),
  );
  const parsed = context.safeParse(given);
  if (!parsed.success) throw new Error(parsed.error.issues.map((i) => i.message).join('; '));
  const { stage, issuer, origins } = parsed.data;
  if (stage !== 'local' && (issuer === undefined || given.audience === undefined)) {
    throw new Error(
      `Stage ${stage} needs the issuer of its tokens: -c issuer=https://… -c audience=…`,
    );
  }
  return {
    ...parsed.data,
    issuer: issuer ?? local.issuer,
    origins: origins?.split(',').filter(Boolean) ?? (stage === 'local' ? local.origins : []),
  };
}

/** Numbers given in cdk.json count as text; an empty value counts as not given. */
function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

/** Physical names of functions and queues: one scheme, so that alarms need no exports and operators find them. */
export function named(settings: Settings, word: string): string {
  return `bangfu-${settings.stage}-${word}`;
}
