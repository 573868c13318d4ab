import { join } from 'node:path';
import { catalogue } from '../../functions/catalogue.ts';
import type { Route } from '../../functions/core/spec.ts';
import { answerOf, type Call } from './call.ts';
import { MOST_LEFT, numbersLeft } from './rebuild.ts';

/** What nobody may read: numbers nowhere, names and words neither on a board nor in a log. */
export interface Secrets {
  readonly identities: readonly string[];
  /** Phones and bank accounts. */
  readonly numbers: readonly string[];
  /** Marked words of files, cases and requests, and the names of members who are no heads. */
  readonly words: readonly string[];
  /** Names of heads of households, which a notice shows. */
  readonly heads: readonly string[];
  /** Words only some routes may say: texts of visits, names of diseases. */
  readonly own: ReadonlyMap<string, readonly string[]>;
}

/** Something that was read: an answer, by the id of its route, or a line of the log. */
export interface Said {
  readonly where: string;
  readonly text: string;
}

/** What would tell of somebody's health or cause, and ids, which lead to the file. */
const NOT_ON_A_BOARD = /病|残|健康|劳动|身份|illness|disab|serious|chronic|\b(?:hh|per|cs|ob)_/;

const isNotice = ({ where }: Said) => where.startsWith('notice.');
const isLog = ({ where }: Said) => where === 'log';

function partOf(text: string, word: string): boolean {
  return text.includes(word);
}

function numbersIn(text: string, { identities, numbers }: Secrets): readonly string[] {
  // However a number is spaced or written, it is the same number.
  const digits = text.normalize('NFKC').replace(/[\s-]/g, '');
  return [
    ...numbers.filter((one) => digits.includes(one)).map(() => 'a phone or account'),
    ...identities
      .filter((one) => digits.includes(one) || numbersLeft(text, one) < MOST_LEFT)
      .map(() => 'an identity number'),
  ];
}

/** A part of a number that is no secret elsewhere: the last digits of an account, the area of an identity number, a day of birth. */
function tracesIn(text: string, { identities, numbers }: Secrets): readonly string[] {
  const births = identities.map((one) => one.slice(6, 14));
  const ends = numbers.map((one) => one.slice(-6));
  const digits = text.replace(/[\s-]/g, '');
  const traces = [...births, ...ends, '350199', '**'].filter((one) => partOf(digits, one));
  return traces.map(() => 'a part of a number');
}

/** What something that was said gives away, in words. */
export function leaksIn(said: Said, secrets: Secrets): readonly string[] {
  const { text, where } = said;
  const words = secrets.words.filter((one) => partOf(text, one)).map((one) => `the word ${one}`);
  const strayed = [...secrets.own]
    .filter(([word, routes]) => !routes.includes(where) && partOf(text, word))
    .map(([word]) => `${word}, which belongs elsewhere`);
  const names = secrets.heads.filter((one) => partOf(text, one)).map(() => 'a name');
  const found = [
    ...numbersIn(text, secrets),
    ...strayed,
    ...(isNotice(said) ? [...words, ...tracesIn(text, secrets)] : []),
    ...(isNotice(said) && NOT_ON_A_BOARD.test(text) ? ['health, cause or an id'] : []),
    ...(isLog(said) ? [...words, ...names, ...tracesIn(text, secrets)] : []),
  ];
  return found.map((what) => `${where} says ${what}`);
}

const served = catalogue.flatMap(({ functions }) =>
  functions.flatMap(({ entry, routes = [] }) =>
    routes.map((route: Route) => ({ entry, id: route.id, key: `${route.method} ${route.path}` })),
  ),
);

/** Calls any route in its own function and keeps what it answers; the environment must be set before the first call. */
export function witness() {
  const said: Said[] = [];
  const ask = async (call: Call, keeps = true) => {
    const one = served.find(({ key }) => key === call.route);
    if (!one) throw new Error(`${call.route} is no route`);
    const { handler } = await import(join(import.meta.dirname, '../../functions', one.entry));
    const { status, text } = await answerOf(handler, call);
    if (keeps) said.push({ where: one.id, text });
    if (status >= 500) throw new Error(`${call.route}: ${text}`);
    return { status, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
  };
  return { said, ask };
}
