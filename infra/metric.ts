import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

const period = Duration.minutes(5);

export function functionMetric(
  functionName: string,
  metricName: string,
  statistic: string,
): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    statistic,
    period,
    dimensionsMap: { FunctionName: functionName },
  });
}

export function queueMetric(queueName: string, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/SQS',
    metricName,
    statistic: 'Maximum',
    period,
    dimensionsMap: { QueueName: queueName },
  });
}

export function apiMetric(apiId: string, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    statistic,
    period,
    dimensionsMap: { ApiId: apiId },
  });
}

export function tableMetric(tableName: string, word: string, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/DynamoDB',
    metricName,
    statistic: 'Sum',
    period,
    dimensionsMap: { TableName: tableName },
    label: word,
  });
}

/** Areas whose figures differed from the recount: counted from the log lines of code `drift` (infra/jobs-stack.ts). */
export function driftMetric(stage: string): Metric {
  return new Metric({
    namespace: 'Bangfu',
    metricName: driftName(stage),
    statistic: 'Maximum',
    period,
  });
}

export function driftName(stage: string): string {
  return `drift-${stage}`;
}
