import type { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Dashboard, GraphWidget, type Metric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { CapabilitySpec, TableName } from '../functions/core/spec.ts';
import { functionsOf, queuesOf } from './jobs-stack.ts';
import { apiMetric, driftMetric, functionMetric, queueMetric, tableMetric } from './metric.ts';
import { named, type Settings } from './settings.ts';

interface Shown {
  readonly settings: Settings;
  readonly catalogue: readonly CapabilitySpec[];
  readonly api: CfnApi;
  readonly tables: ReadonlyMap<TableName, Table>;
}

/** One page: do people get answers, is work waiting, do boards agree with the register, what does it cost. */
export function dashboard(scope: Construct, { settings, catalogue, api, tables }: Shown): void {
  const functions = functionsOf(catalogue).map(({ id }) => named(settings, id));
  const queues = queuesOf(catalogue).map((name) => named(settings, name));
  const stores = [...tables];
  const each = (metric: string, statistic: string) =>
    functions.map((name) => functionMetric(name, metric, statistic));
  const consumed = (metric: string) =>
    stores.map(([word, table]) => tableMetric(table.tableName, word, metric));
  const page = new Dashboard(scope, 'Dashboard', { dashboardName: named(settings, 'registry') });
  page.addWidgets(
    new TextWidget({
      markdown: `# 帮扶 Bangfu ${settings.stage} ${settings.root}`,
      width: 24,
      height: 1,
    }),
  );
  page.addWidgets(
    graph(
      'Requests and refusals',
      ['Count', '4xx', '5xx'].map((m) => apiMetric(api.ref, m, 'Sum')),
    ),
    graph(
      'Time to answer, ms',
      ['p50', 'p99'].map((p) => apiMetric(api.ref, 'Latency', p)),
    ),
    graph('Boards that differ from the register', [driftMetric(settings.stage)]),
  );
  page.addWidgets(
    graph('Function errors', each('Errors', 'Sum')),
    graph('Function time, ms (p99)', each('Duration', 'p99')),
    graph('Stream lag, ms', each('IteratorAge', 'Maximum')),
  );
  page.addWidgets(
    graph(
      'Oldest message waiting, s',
      queues.map((q) => queueMetric(q, 'ApproximateAgeOfOldestMessage')),
    ),
    graph(
      'Given up',
      queues.map((q) => queueMetric(`${q}-dead`, 'ApproximateNumberOfMessagesVisible')),
    ),
    graph('Units read', consumed('ConsumedReadCapacityUnits')),
    graph('Units written', consumed('ConsumedWriteCapacityUnits')),
  );
}

function graph(title: string, left: Metric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6 });
}
