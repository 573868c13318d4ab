import * as z from 'zod';
import type { Route } from './api-routes.ts';
import { type Authorize, authorizerSchema, makeAuthorize } from './authorizer.ts';
import { type ApiCors, apiCorsSchema } from './cors.ts';
import { LocalError } from './fault.ts';
import type { LocalFunction } from './functions.ts';
import type { Issuer } from './issuer.ts';
import { nameInArn, ofType, type Resource } from './resources.ts';

const apiSchema = z.looseObject({
  ProtocolType: z.literal('HTTP'),
  CorsConfiguration: apiCorsSchema.optional(),
});
const routeSchema = z.looseObject({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.enum(['NONE', 'JWT']).default('NONE'),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: z.array(z.string()).default([]),
});
const integrationSchema = z.looseObject({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: z.coerce.number().max(30_000).default(30_000),
});
const throttling = z
  .looseObject({
    ThrottlingBurstLimit: z.coerce.number().optional(),
    ThrottlingRateLimit: z.coerce.number().optional(),
  })
  .optional();
const stageSchema = z.looseObject({
  AccessLogSettings: z.looseObject({ Format: z.string().optional() }).optional(),
  DefaultRouteSettings: throttling,
});

export interface Target {
  fn: LocalFunction;
  timeoutMs: number;
  /** undefined: the route is open to everybody */
  authorize: Authorize | undefined;
  scopes: readonly string[];
}

export interface ApiDefinition {
  apiId: string;
  cors: ApiCors | undefined;
  routes: Route<Target>[];
  accessLogFormat: string | undefined;
  throttle: { rate: number; burst: number } | undefined;
}

/** The issuer and audience the templates' JWT authorizer expects, if there is one. */
export function expectedIssuer(
  resources: readonly Resource[],
): { issuer: string; audience: string } | undefined {
  const [first] = ofType(resources, 'AWS::ApiGatewayV2::Authorizer', authorizerSchema);
  if (first === undefined) return undefined;
  const { Issuer: issuer, Audience } = first.is.JwtConfiguration;
  return { issuer, audience: Audience[0] ?? '' };
}

/**
 * The HTTP API of the templates: routes with their functions, authorizers, CORS and limits.
 * @throws LocalError TEMPLATE when a route points nowhere, or there is more than one API
 */
export function readApi(
  resources: readonly Resource[],
  functions: ReadonlyMap<string, LocalFunction>,
  issuer: Issuer,
): ApiDefinition {
  const [api, another] = ofType(resources, 'AWS::ApiGatewayV2::Api', apiSchema);
  if (another !== undefined) throw new LocalError('TEMPLATE', 'The local run serves one HTTP API.');
  const byName = <T extends { name: string }>(list: T[]): Map<string, T> =>
    new Map(list.map((one) => [one.name, one]));
  const integrations = byName(
    ofType(resources, 'AWS::ApiGatewayV2::Integration', integrationSchema),
  );
  const authorizers = byName(ofType(resources, 'AWS::ApiGatewayV2::Authorizer', authorizerSchema));
  const [stage] = ofType(resources, 'AWS::ApiGatewayV2::Stage', stageSchema);

  const routes = ofType(resources, 'AWS::ApiGatewayV2::Route', routeSchema).map(({ is }) => {
    const integration = integrations.get(is.Target.replace('integrations/', ''))?.is;
    const fn = functions.get(functionName(integration?.IntegrationUri ?? ''));
    const authorizer = authorizers.get(is.AuthorizerId ?? '')?.is;
    if (fn === undefined || (is.AuthorizationType === 'JWT' && authorizer === undefined)) {
      throw new LocalError('TEMPLATE', `The route ${is.RouteKey} has no function or authorizer.`);
    }
    const value: Target = {
      fn,
      timeoutMs: integration?.TimeoutInMillis ?? 30_000,
      authorize:
        is.AuthorizationType === 'JWT' && authorizer
          ? makeAuthorize(authorizer, issuer)
          : undefined,
      scopes: is.AuthorizationScopes,
    };
    return { routeKey: is.RouteKey, value };
  });
  return {
    apiId: api?.name ?? 'none',
    cors: api?.is.CorsConfiguration,
    routes,
    accessLogFormat: stage?.is.AccessLogSettings?.Format,
    throttle: throttleOf(stage?.is.DefaultRouteSettings),
  };
}

/** An integration names the function by its ARN, or by the long invocation path around it. */
function functionName(uri: string): string {
  return nameInArn(uri.replace(/^.*\/functions\//, '').replace(/\/invocations$/, ''));
}

function throttleOf(settings: z.infer<typeof throttling>): ApiDefinition['throttle'] {
  const rate = settings?.ThrottlingRateLimit;
  if (rate === undefined) return undefined;
  return { rate, burst: settings?.ThrottlingBurstLimit ?? rate };
}
