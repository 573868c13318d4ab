import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stack } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { catalogue } from '../../functions/catalogue.ts';
import type { CapabilitySpec } from '../../functions/core/spec.ts';
import { acknowledge, acknowledgements } from '../../infra/acknowledgements.ts';
import { buildApp } from '../../infra/app.ts';
import { everyKind } from '../support/catalogue.ts';

// Loading the CDK takes seconds, and many times that where every core is busy.
vi.setConfig({ testTimeout: 120_000 });

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

async function built(one: readonly CapabilitySpec[]): Promise<App> {
  const outdir = mkdtempSync(join(tmpdir(), 'bangfu-nag-'));
  folders.push(outdir);
  return buildApp({ outdir }, one);
}

/** Everything AwsSolutions, Serverless and NIST 800-53 R5 hold against the app, as `rule at path`. */
function findings(app: App): string[] {
  const packs = [
    new AwsSolutionsChecks(app),
    new ServerlessChecks(app),
    new NIST80053R5Checks(app),
  ];
  return packs
    .flatMap((pack) => pack.validateScope(app).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
}

describe('AwsSolutions, Serverless and NIST 800-53 R5', () => {
  it('find nothing in the county’s stacks that is not acknowledged with a reason', async () => {
    const app = await built(catalogue);
    const before = findings(app);
    acknowledge(app);
    expect(findings(app)).toEqual([]);
    expect(before.length).toBeGreaterThan(0);
  });

  it('find a route opened to everybody that nobody argued for', async () => {
    const app = await built(everyKind);
    acknowledge(app);
    expect(findings(app)).toEqual(['AwsSolutions-APIG4 at bangfu-local-api/ServeOpenRoute']);
  });

  it('find an unencrypted queue and a public bucket once they are planted', async () => {
    const app = await built(catalogue);
    const stack = new Stack(app, 'planted');
    new CfnQueue(stack, 'Queue', { sqsManagedSseEnabled: false });
    new CfnBucket(stack, 'Bucket');
    acknowledge(app);
    const found = findings(app);
    expect(found).toContain('AwsSolutions-SQS2 at planted/Queue');
    expect(found).toContain('AwsSolutions-SQS4 at planted/Queue');
    expect(found).toContain('NIST.800.53.R5-S3BucketPublicReadProhibited at planted/Bucket');
  });
});

describe('acknowledgements', () => {
  it('none is kept that no rule asks for any more', async () => {
    const found = [catalogue, everyKind].map(built);
    const all = (await Promise.all(found)).flatMap(findings);
    const needless = acknowledgements.filter(
      ({ rule }) => !all.some((finding) => finding.startsWith(`${rule} at `)),
    );
    expect(needless.map(({ rule }) => rule)).toEqual([]);
  });

  it('each says why in a sentence a reviewer can weigh', () => {
    for (const { reason } of acknowledgements) expect(reason.split(' ').length).toBeGreaterThan(8);
  });
});
