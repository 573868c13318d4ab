import { LocalError } from './fault.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

/** What the functions of a template may ask of their surroundings. */
export interface Scope {
  stack: string;
  /** a parameter, a pseudo parameter or a resource */
  ref(name: string): Json | undefined;
  attribute(logicalId: string, attribute: string): Json;
  condition(name: string): Json;
  mapping(map: string, top: string, second: string): Json;
  imported(name: string): Json;
}

type Intrinsic = (argument: Json, scope: Scope) => Json | undefined;

const intrinsics: Record<string, Intrinsic> = {
  Ref: (name, scope) => ref(String(name), scope),
  'Fn::GetAtt': (argument, scope) => getAtt(argument, scope),
  'Fn::Sub': (argument, scope) => sub(argument, scope),
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(resolve(argument, scope));
    return list(parts).map(String).join(String(separator));
  },
  'Fn::Select': (argument, scope) => {
    const [index, values] = list(resolve(argument, scope));
    return list(values)[Number(index)];
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = list(resolve(argument, scope));
    return String(text).split(String(separator));
  },
  'Fn::ImportValue': (name, scope) => scope.imported(String(resolve(name, scope))),
  'Fn::If': (argument, scope) => {
    const [name, yes, no] = list(argument);
    return resolve(holds(scope.condition(String(name)), scope) ? yes : no, scope);
  },
  'Fn::FindInMap': (argument, scope) => {
    const [map, top, second] = list(resolve(argument, scope)).map(String);
    return scope.mapping(map ?? '', top ?? '', second ?? '');
  },
  'Fn::Base64': (text, scope) => Buffer.from(String(resolve(text, scope))).toString('base64'),
  'Fn::GetAZs': () => ['a', 'b', 'c'],
};

/** Replaces every intrinsic function in a value; a property that resolves to AWS::NoValue is left out. */
export function resolve(value: Json | undefined, scope: Scope): Json | undefined {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, scope)).filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  const [key, ...others] = Object.keys(value);
  if (key !== undefined && others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) {
    const intrinsic = intrinsics[key];
    if (intrinsic === undefined) throw fault(scope, `${key} is not known to the local run`);
    return intrinsic(value[key] ?? null, scope);
  }
  return resolveObject(value, scope);
}

export function resolveObject(value: JsonObject, scope: Scope): JsonObject {
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const resolved = resolve(item, scope);
    if (resolved !== undefined) result[key] = resolved;
  }
  return result;
}

const tests: Record<string, (items: Json[], scope: Scope) => boolean> = {
  'Fn::Equals': ([left, right], scope) =>
    String(resolve(left, scope)) === String(resolve(right, scope)),
  'Fn::And': (items, scope) => items.every((item) => holds(item, scope)),
  'Fn::Or': (items, scope) => items.some((item) => holds(item, scope)),
  'Fn::Not': ([item], scope) => !holds(item ?? false, scope),
};

/** Whether a condition of the template is true. */
export function holds(condition: Json, scope: Scope): boolean {
  if (typeof condition === 'boolean') return condition;
  if (!isObject(condition)) throw fault(scope, 'a condition is not understood');
  const [[key, argument] = ['', null]] = Object.entries(condition);
  if (key === 'Condition') return holds(scope.condition(String(argument)), scope);
  const test = tests[key];
  if (test === undefined) throw fault(scope, `${key} is not known to the local run`);
  return test(list(argument), scope);
}

function ref(name: string, scope: Scope): Json | undefined {
  if (name === 'AWS::NoValue') return undefined;
  const value = scope.ref(name);
  if (value === undefined) throw fault(scope, `nothing is called ${name}`);
  return value;
}

function getAtt(argument: Json, scope: Scope): Json {
  const [logicalId = '', ...attribute] =
    typeof argument === 'string' ? argument.split('.') : list(argument).map(String);
  return scope.attribute(logicalId, attribute.join('.'));
}

function sub(argument: Json, scope: Scope): string {
  const [text, names] = Array.isArray(argument) ? argument : [argument];
  const own = isObject(names) ? names : {};
  return String(text).replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(own, name)) return String(resolve(own[name], scope));
    return String(name.includes('.') ? getAtt(name, scope) : ref(name, scope));
  });
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function fault(scope: Scope, text: string): LocalError {
  return new LocalError('TEMPLATE', `Stack ${scope.stack}: ${text}.`);
}
