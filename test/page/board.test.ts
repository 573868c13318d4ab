import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { householdDimensions } from '../../functions/core/dimension-household.ts';
import { personDimensions } from '../../functions/core/dimension-person.ts';

const page = readFileSync(new URL('../../functions/page/board.html', import.meta.url), 'utf8');
const script = /<script>(?<text>.*)<\/script>/s.exec(page)?.groups?.text ?? '';

/** A node of the page that knows its words and what was put into it. */
class Node {
  textContent = '';
  readonly within: (Node | string)[] = [];
  readonly style = {};
  append(...nodes: (Node | string)[]) {
    this.within.push(...nodes);
  }
  replaceChildren() {
    this.within.splice(0);
  }
  words(): string {
    const inside = this.within.map((one) => (typeof one === 'string' ? one : one.words()));
    return [this.textContent, ...inside].join(' ');
  }
}

/** Runs the page's script as a browser would, with what the API answers; the words of its board. */
async function shownFor(answers: Readonly<Record<string, unknown>>): Promise<string> {
  const nodes = new Map<string, Node>();
  const at = (id: string) => {
    const node = nodes.get(id) ?? new Node();
    nodes.set(id, node);
    return node;
  };
  const claims = Buffer.from(JSON.stringify({ areas: '350122' })).toString('base64url');
  const answer = (path: string) =>
    path in answers
      ? { ok: true, status: 200, json: async () => answers[path] }
      : { ok: false, status: 404, json: async () => ({ title: 'no such' }) };
  const kept = { getItem: () => `x.${claims}.x`, setItem() {}, removeItem() {} };
  runInNewContext(script, {
    ...{ URLSearchParams, Uint8Array, TextDecoder, atob, sessionStorage: kept },
    ...{ location: { hash: '', pathname: '/' }, history: {} },
    fetch: async (path: string) => answer(path),
    document: {
      getElementById: at,
      createElement: () => new Node(),
      querySelector: () => new Node(),
    },
  });
  await expect.poll(() => at('board').words() + at('message').textContent).not.toBe('');
  return at('board').words() + at('message').textContent;
}

const figure = (households: number) => ({ households, persons: households * 2 });
const board = {
  area: { code: '350122', name: '甲县' },
  asOf: '2017-10-23',
  households: { registered: 745 },
  persons: {},
  byMode: { cooperative: figure(31), 'own-1': figure(17) },
  byUnmet: { yes: figure(23), no: figure(700), unknown: figure(22) },
  byResponsible: { yes: figure(740), no: figure(5) },
};
const answers = {
  '/areas/350122/board': board,
  '/code-lists': { mode: [{ code: 'cooperative', zh: '合作社' }] },
};

describe('the board page', () => {
  it('shows figures that boards have', () => {
    const known = [...householdDimensions, ...personDimensions].map(
      ({ id }) => `by${id.charAt(0).toUpperCase()}${id.slice(1)}`,
    );
    const named = [...script.matchAll(/\bby[A-Z][A-Za-z]+/g)].map(([name]) => name);
    expect(named).not.toEqual([]);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('shows the modes under the county’s names, and who has no measure that fits and nobody responsible', async () => {
    const modes = [{ code: 'own-1', zh: '共享渔排' }];
    const words = await shownFor({ ...answers, '/areas/350122/measure-modes': { modes } });
    expect(words).toMatch(/产业模式.*合作社 31.*共享渔排 17/);
    expect(words).toMatch(/无对应措施 23 户 另有 22 户/);
    expect(words).toMatch(/没有帮扶责任人 5 户/);
  });

  it('of a day of which that was not counted says nothing of it', async () => {
    const { byUnmet: _, byResponsible: __, ...then } = board;
    const words = await shownFor({ ...answers, '/areas/350122/board': then });
    expect(words).toMatch(/合作社 31/);
    expect(words).not.toMatch(/无对应措施|帮扶责任人/);
  });
});
