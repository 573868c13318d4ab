import { Fn, RemovalPolicy } from 'aws-cdk-lib';
import {
  CfnApi,
  CfnAuthorizer,
  CfnIntegration,
  CfnRoute,
  CfnStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnPermission, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { FunctionSpec, Route } from '../functions/core/spec.ts';
import { type Ground, houseFunction, logDays } from './function.ts';
import { HouseStack } from './house-stack.ts';
import { named, type Settings } from './settings.ts';
import { pascal } from './word.ts';

/** No addresses, query strings or claims: paths hold ids and a query may hold what a clerk typed. */
const accessLine = JSON.stringify({
  requestId: '$context.requestId',
  at: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  functionMs: '$context.integrationLatency',
  functionStatus: '$context.integrationStatus',
  fault: '$context.integrationErrorMessage',
  refused: '$context.authorizer.error',
});

/** The HTTP API: routes as the capabilities declare them, one function per capability, a JWT authorizer before all that are not open. */
export class ApiStack extends HouseStack {
  readonly api: CfnApi;
  readonly functions = new Map<string, LambdaFunction>();
  readonly #authorizer: CfnAuthorizer;

  constructor(scope: Construct, ground: Ground, specs: readonly FunctionSpec[]) {
    super(scope, 'api', { ...ground.settings, about: 'HTTP API and its functions' });
    this.api = httpApi(this, ground.settings);
    this.#authorizer = new CfnAuthorizer(this, 'Authorizer', {
      apiId: this.api.ref,
      name: 'jwt',
      authorizerType: 'JWT',
      identitySource: ['$request.header.Authorization'],
      jwtConfiguration: { issuer: ground.settings.issuer, audience: [ground.settings.audience] },
    });
    this.#stage(ground);
    for (const spec of specs) this.#serve(spec, ground);
  }

  #serve(spec: FunctionSpec, ground: Ground): void {
    const fn = houseFunction(this, spec, ground);
    this.functions.set(spec.id, fn);
    const integration = new CfnIntegration(this, `${pascal(spec.id)}Integration`, {
      apiId: this.api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: fn.functionArn,
      payloadFormatVersion: '2.0',
    });
    new CfnPermission(this, `${pascal(spec.id)}Permission`, {
      action: 'lambda:InvokeFunction',
      functionName: fn.functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: Fn.sub(
        `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*/*`,
        { Api: this.api.ref },
      ),
    });
    for (const route of spec.routes ?? []) this.#route(route, integration);
  }

  #route({ id, method, path, access }: Route, integration: CfnIntegration): void {
    new CfnRoute(this, `${pascal(id)}Route`, {
      apiId: this.api.ref,
      operationName: id,
      routeKey: `${method} ${path}`,
      target: Fn.join('/', ['integrations', integration.ref]),
      ...(access === 'open'
        ? { authorizationType: 'NONE' }
        : { authorizationType: 'JWT', authorizerId: this.#authorizer.ref }),
    });
  }

  #stage({ atRest, settings }: Ground): void {
    const log = new LogGroup(this, 'Requests', {
      retention: logDays,
      encryptionKey: atRest,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new CfnStage(this, 'Stage', {
      apiId: this.api.ref,
      stageName: '$default',
      autoDeploy: true,
      // Enough for those the deployment serves, and a brake on anything else.
      defaultRouteSettings: {
        throttlingRateLimit: settings.requestsPerSecond,
        throttlingBurstLimit: settings.requestBurst,
        detailedMetricsEnabled: true,
      },
      accessLogSettings: { destinationArn: log.logGroupArn, format: accessLine },
    });
  }
}

function httpApi(scope: Construct, settings: Settings): CfnApi {
  return new CfnApi(scope, 'Api', {
    name: named(settings, 'api'),
    description: 'County registry of poor households',
    protocolType: 'HTTP',
    ...(settings.origins.length > 0 && {
      corsConfiguration: {
        allowOrigins: [...settings.origins],
        allowMethods: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
        allowHeaders: [
          'authorization',
          'content-type',
          'accept-language',
          'if-match',
          'idempotency-key',
        ],
        exposeHeaders: ['etag', 'location', 'retry-after', 'content-disposition'],
        maxAge: 86_400,
      },
    }),
  });
}
