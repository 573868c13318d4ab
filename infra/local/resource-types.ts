/** How the local run treats each CloudFormation resource type. A type that is not listed is an error naming it. */

/** Types the run executes, with the property that may give the physical name. */
export const executed: Readonly<Record<string, { name?: string; service: string; kind?: string }>> =
  {
    'AWS::DynamoDB::Table': { name: 'TableName', service: 'dynamodb', kind: 'table/' },
    'AWS::DynamoDB::GlobalTable': { name: 'TableName', service: 'dynamodb', kind: 'table/' },
    'AWS::Lambda::Function': { name: 'FunctionName', service: 'lambda', kind: 'function:' },
    'AWS::Lambda::EventSourceMapping': { service: 'lambda', kind: 'event-source-mapping:' },
    'AWS::Lambda::EventInvokeConfig': { service: 'lambda' },
    'AWS::SQS::Queue': { name: 'QueueName', service: 'sqs' },
    'AWS::S3::Bucket': { name: 'BucketName', service: 's3' },
    'AWS::Events::Rule': { name: 'Name', service: 'events', kind: 'rule/' },
    'AWS::Scheduler::Schedule': { name: 'Name', service: 'scheduler', kind: 'schedule/default/' },
    'AWS::ApiGatewayV2::Api': { service: 'apigateway', kind: '/apis/' },
    'AWS::ApiGatewayV2::Route': { service: 'apigateway' },
    'AWS::ApiGatewayV2::Integration': { service: 'apigateway' },
    'AWS::ApiGatewayV2::Authorizer': { service: 'apigateway' },
    'AWS::ApiGatewayV2::Stage': { name: 'StageName', service: 'apigateway' },
  };

/** Types that need nothing on one machine: rights, keys, alarms, backups, log groups. */
export const ignored: ReadonlySet<string> = new Set([
  'AWS::CDK::Metadata',
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::Backup::BackupPlan',
  'AWS::Backup::BackupSelection',
  'AWS::Backup::BackupVault',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::Logs::ResourcePolicy',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Parameter',
  'AWS::Scheduler::ScheduleGroup',
]);
