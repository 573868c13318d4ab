import * as z from 'zod';
import type { Assembly, Stack } from './assembly.ts';
import { LocalError } from './fault.ts';
import { holds, resolve, resolveObject, type Scope } from './intrinsics.ts';
import { child, type Json, type JsonObject } from './json.ts';
import { executed, ignored } from './resource-types.ts';

/** One resource of the stacks, its properties without intrinsics. */
export interface Resource {
  logicalId: string;
  stack: string;
  type: string;
  /** the physical name here: the template's own, or stack and logical id */
  name: string;
  properties: JsonObject;
}

/** Where the servers of the run listen; queue addresses and API endpoints in the templates point there. */
export interface Endpoints {
  api: string;
  sqs: string;
}

export const account = '000000000000';

/**
 * Every resource the run executes, in the order of the templates.
 * @throws LocalError UNKNOWN_TYPE naming a type that the run neither executes nor knows to be needless here
 */
export function readResources(assembly: Assembly, endpoints: Endpoints): Resource[] {
  const scopes = makeScopes(assembly.stacks, endpoints);
  return scopes.flatMap(({ stack, scope }) =>
    Object.entries(stack.template.Resources)
      .filter(([id, raw]) => isExecuted(raw, id, scope))
      .map(([logicalId, raw]) => ({
        logicalId,
        stack: stack.name,
        type: raw.Type,
        name: physicalName(stack, logicalId, scope),
        properties: resolveObject(raw.Properties, scope),
      })),
  );
}

function isExecuted(
  { Type, Condition }: Stack['template']['Resources'][string],
  logicalId: string,
  scope: Scope,
): boolean {
  if (ignored.has(Type)) return false;
  if (executed[Type] === undefined) throw unknownType(Type, scope.stack, logicalId);
  return Condition === undefined || holds({ Condition }, scope);
}

function unknownType(type: string, stack: string, logicalId: string): LocalError {
  return new LocalError(
    'UNKNOWN_TYPE',
    `The local run does not know ${type} (${stack}, ${logicalId}).`,
  );
}

/** The properties of all resources of a type, checked. */
export function ofType<T extends z.ZodType>(
  resources: readonly Resource[],
  type: string,
  schema: T,
): (Resource & { is: z.infer<T> })[] {
  return resources
    .filter((resource) => resource.type === type)
    .map((resource) => {
      const parsed = schema.safeParse(resource.properties);
      if (parsed.success) return { ...resource, is: parsed.data };
      const where = `${type} ${resource.logicalId} of ${resource.stack}`;
      throw new LocalError('TEMPLATE', `${where}: ${z.prettifyError(parsed.error)}`);
    });
}

interface StackScope {
  stack: Stack;
  scope: Scope;
}

function makeScopes(stacks: readonly Stack[], endpoints: Endpoints): StackScope[] {
  const scopes: StackScope[] = [];
  const imported = (name: string): Json => {
    for (const { stack, scope } of scopes) {
      const output = Object.values(stack.template.Outputs).find(
        ({ Export }) => Export && resolve(Export.Name, scope) === name,
      );
      if (output !== undefined) return resolve(output.Value, scope) ?? null;
    }
    throw new LocalError('TEMPLATE', `No stack exports ${name}.`);
  };
  for (const stack of stacks) scopes.push({ stack, scope: makeScope(stack, endpoints, imported) });
  return scopes;
}

function makeScope(stack: Stack, endpoints: Endpoints, imported: Scope['imported']): Scope {
  const { template, name, region } = stack;
  const pseudo = pseudoParameters(name, region);
  const scope: Scope = {
    stack: name,
    imported,
    ref: (id) => {
      if (id in pseudo) return pseudo[id];
      const parameter = template.Parameters[id];
      if (parameter !== undefined) return parameter.Default ?? '';
      const type = template.Resources[id]?.Type;
      return type === undefined ? undefined : refOf(type, describe(id));
    },
    attribute: (id, attribute) => attributeOf(attribute, describe(id)),
    condition: (id) => template.Conditions[id] ?? false,
    mapping: (map, top, second) => child(child(template.Mappings[map], top), second) ?? null,
  };
  const describe = (id: string): Identity => {
    const type = template.Resources[id]?.Type;
    if (type === undefined) throw new LocalError('TEMPLATE', `${name} has no resource ${id}.`);
    return { type, name: physicalName(stack, id, scope), region, endpoints };
  };
  return scope;
}

function pseudoParameters(stack: string, region: string): JsonObject {
  const china = region.startsWith('cn-');
  return {
    'AWS::Region': region,
    'AWS::Partition': china ? 'aws-cn' : 'aws',
    'AWS::URLSuffix': china ? 'amazonaws.com.cn' : 'amazonaws.com',
    'AWS::AccountId': account,
    'AWS::StackName': stack,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stack}/local`,
    'AWS::NotificationARNs': [],
  };
}

interface Identity {
  type: string;
  name: string;
  region: string;
  endpoints: Endpoints;
}

function refOf(type: string, resource: Identity): string {
  if (type === 'AWS::SQS::Queue') return queueUrl(resource);
  if (type === 'AWS::SNS::Topic') return arnOf(resource);
  return resource.name;
}

function queueUrl({ endpoints, name }: Identity): string {
  return `${endpoints.sqs}/${account}/${name}`;
}

function attributeOf(attribute: string, resource: Identity): Json {
  const { name, type, endpoints } = resource;
  if (attribute === 'Arn' || attribute === 'TopicArn') return arnOf(resource);
  if (attribute === 'StreamArn') return `${arnOf(resource)}/stream/local`;
  if (attribute === 'ApiEndpoint') return endpoints.api;
  if (type === 'AWS::SQS::Queue' && attribute === 'QueueUrl') return queueUrl(resource);
  if (attribute.endsWith('DomainName')) return `${name}.s3.amazonaws.com`;
  return name;
}

function arnOf({ type, name, region }: Identity): string {
  const known = executed[type];
  const service = known?.service ?? type.split('::')[1]?.toLowerCase() ?? '';
  const partition = region.startsWith('cn-') ? 'aws-cn' : 'aws';
  if (service === 's3') return `arn:${partition}:s3:::${name}`;
  return `arn:${partition}:${service}:${region}:${account}:${known?.kind ?? ''}${name}`;
}

function physicalName(stack: Stack, logicalId: string, scope: Scope): string {
  const resource = stack.template.Resources[logicalId];
  const property = executed[resource?.Type ?? '']?.name;
  const given = property === undefined ? undefined : resolve(resource?.Properties[property], scope);
  if (typeof given === 'string') return given;
  const name = `${stack.name}-${logicalId}`;
  return resource?.Type === 'AWS::S3::Bucket' ? name.toLowerCase().slice(0, 63) : name;
}

/** The resource name at the end of an ARN: after the last colon or slash, a stream's suffix apart. */
export function nameInArn(arn: string): string {
  return (
    arn
      .replace(/\/stream\/[^/]*$/, '')
      .split(/[:/]/)
      .at(-1) ?? arn
  );
}
