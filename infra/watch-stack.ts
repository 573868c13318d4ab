import { Aws } from 'aws-cdk-lib';
import type { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { CapabilitySpec, FunctionSpec, TableName } from '../functions/core/spec.ts';
import { dashboard } from './dashboard.ts';
import { HouseStack } from './house-stack.ts';
import { deadLetterImpact, functionImpact, type Impact, impact, wordsOf } from './impact.ts';
import { functionsOf, queuesOf } from './jobs-stack.ts';
import { apiMetric, driftMetric, functionMetric, queueMetric } from './metric.ts';
import { named, type Settings } from './settings.ts';
import { pascal } from './word.ts';

export interface Watched {
  readonly settings: Settings;
  readonly catalogue: readonly CapabilitySpec[];
  readonly api: CfnApi;
  readonly tables: ReadonlyMap<TableName, Table>;
  readonly atRest: Key;
}

interface AlarmProps {
  readonly metric: Metric;
  readonly impact: Impact;
  /** Alarms when the metric reaches it. */
  readonly at?: number;
}

/**
 * Alarms that say what they mean for people, and a dashboard. Functions and queues are watched by name, so that this stack
 * holds no exports of theirs and never stands in the way of removing one.
 */
export class WatchStack extends HouseStack {
  readonly #settings: Settings;
  readonly #topicArn: string;

  constructor(scope: Construct, watched: Watched) {
    super(scope, 'watch', { ...watched.settings, about: 'alarms and dashboard' });
    this.#settings = watched.settings;
    this.#topicArn = watched.settings.alarmTopic ?? this.#topic(watched.atRest).topicArn;
    for (const spec of functionsOf(watched.catalogue)) this.#function(spec);
    this.#queues(watched.catalogue);
    this.#alarm('ApiFaults', {
      metric: apiMetric(watched.api.ref, '5xx', 'Sum'),
      impact: impact.refusedByFault,
      at: 3,
    });
    this.#alarm('Drift', { metric: driftMetric(watched.settings.stage), impact: impact.drift });
    dashboard(this, watched);
  }

  #function(spec: FunctionSpec): void {
    const { id, purpose, streams } = spec;
    const name = named(this.#settings, id);
    this.#alarm(`${pascal(id)}Errors`, {
      metric: functionMetric(name, 'Errors', 'Sum'),
      impact: functionImpact(id, purpose, 'errors'),
    });
    this.#alarm(`${pascal(id)}Throttles`, {
      metric: functionMetric(name, 'Throttles', 'Sum'),
      impact: functionImpact(id, purpose, 'throttles'),
    });
    if (streams) {
      this.#alarm('Lagging', {
        metric: functionMetric(name, 'IteratorAge', 'Maximum'),
        impact: impact.lagging,
        at: 5 * 60_000,
      });
    }
  }

  #queues(catalogue: readonly CapabilitySpec[]): void {
    for (const name of queuesOf(catalogue)) {
      this.#depth(`${name}-dead`, deadLetterImpact[name]);
      this.#alarm(`${pascal(name)}Waiting`, {
        metric: queueMetric(named(this.#settings, name), 'ApproximateAgeOfOldestMessage'),
        impact: impact.waiting,
        at: 15 * 60,
      });
    }
    this.#depth('failed', impact.failed);
    this.#depth('undispatched', impact.undispatched);
  }

  #depth(queue: string, meaning: Impact): void {
    this.#alarm(`${pascal(queue)}Depth`, {
      metric: queueMetric(named(this.#settings, queue), 'ApproximateNumberOfMessagesVisible'),
      impact: meaning,
    });
  }

  #alarm(id: string, { metric, impact: meaning, at = 1 }: AlarmProps): void {
    const alarm = new Alarm(this, `${id}Alarm`, {
      metric,
      alarmDescription: wordsOf(meaning),
      threshold: at,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn: this.#topicArn }) });
  }

  /** Without a topic of the office's own (`-c alarmTopic`), one to subscribe to. */
  #topic(masterKey: Key): Topic {
    const topic = new Topic(this, 'AlarmTopic', { masterKey, enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    return topic;
  }
}
