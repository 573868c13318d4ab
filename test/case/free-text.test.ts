import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { cases } from '../../functions/case/spec.ts';
import { identityOf, VILLAGE } from '../support/build.ts';
import { county } from '../support/case-desk.ts';
import { freshTables } from '../support/database.ts';
import { keyFile } from '../support/store.ts';
import { witness } from '../support/witness.ts';

const routes = cases.functions.flatMap((one) => one.routes ?? []);
const step = { step: 'notice', outcome: 'passed' };
const bulk = { area: VILLAGE, households: ['hh_1'] };
const act = { kind: 'step', procedure: 'return', ...step };

/** Every free text with a body in which nothing else is wrong. */
const texts: readonly (readonly [string, string, (text: string) => object])[] = [
  ['case.open', 'reason', (reason) => ({ kind: 'return', household: 'hh_1', reason })],
  ['case.step', 'note', (note) => ({ ...step, note })],
  ['case.step', 'document', (document) => ({ ...step, document })],
  ['case.object', 'note', (note) => ({ note })],
  ['case.settle', 'resolution', (resolution) => ({ upheld: false, resolution })],
  ['case.withdraw', 'reason', (reason) => ({ reason })],
  [
    ...(['case.bulk', 'act.reason'] as const),
    (reason) => ({ ...bulk, act: { kind: 'propose', procedure: 'return', reason } }),
  ],
  ['case.bulk', 'act.note', (note) => ({ ...bulk, act: { ...act, note } })],
  ['case.bulk', 'act.document', (document) => ({ ...bulk, act: { ...act, document } })],
];

/** Steps and places are codes; what a family states is a file, whose numbers are masked; a procedure tells of nobody. */
const bound = /^(procedure\.publish|case\.open application\.)| (step|act\.step|area|filters\.\w+)$/;

type Schema = z.core.JSONSchema.BaseSchema;
const isSchema = (part: unknown): part is Schema => typeof part === 'object' && part !== null;

function within(path: string, { properties = {} }: Schema): readonly string[] {
  return Object.entries(properties).flatMap(([name, part]) =>
    isSchema(part) ? textsIn(part, path === '' ? name : `${path}.${name}`) : [],
  );
}

/** Fields of a body that take words as they come: texts with neither a list of values nor a form. */
function textsIn(schema: Schema, path = ''): readonly string[] {
  const { type, items, anyOf = [], oneOf = [], additionalProperties } = schema;
  const parts = [...anyOf, ...oneOf, items, additionalProperties].flat().filter(isSchema);
  const isBound = ['enum', 'const', 'pattern', 'format'].some((name) => name in schema);
  return [
    ...parts.flatMap((part) => textsIn(part, path)),
    ...within(path, schema),
    ...(type === 'string' && !isBound ? [path] : []),
  ];
}

beforeAll(async () => {
  await freshTables();
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
});

describe('words that are entered about a case', () => {
  it('are all of those tried here', () => {
    const all = routes.flatMap(({ id, body }) => {
      const schema = body && z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' });
      return schema ? textsIn(schema).map((path) => `${id} ${path}`) : [];
    });
    const free = [...new Set(all)].filter((text) => !bound.test(text));
    expect(free.toSorted()).toEqual(texts.map(([id, path]) => `${id} ${path}`).toSorted());
  });

  it.each(texts)(
    '%s: %s is refused with a long number in it, which is not repeated',
    async (id, path, bodyOf) => {
      const { ask } = witness();
      const route = routes.find((one) => one.id === id);
      const key = `${route?.method} ${route?.path}`;
      const params = { id: 'cs_1', objectionId: 'ob_1' };
      for (const number of [
        identityOf('1962-07-15', 7),
        '100 9876 5432',
        '００００９８７６５４３２',
      ]) {
        const body = bodyOf(`家里电话 ${number}`);
        const answer = await ask({ route: key, by: county, params, ifMatch: 1, body });
        const error = { field: path, detail: expect.stringContaining('请勿填写') };
        expect(answer.body).toMatchObject({ code: 'request-invalid', errors: [error] });
        expect(answer.text).not.toContain(number);
      }
      const fine = await ask({
        route: key,
        by: county,
        params,
        ifMatch: 1,
        body: bodyOf('已核实'),
      });
      expect(fine.body.code).not.toBe('request-invalid');
    },
  );
});
