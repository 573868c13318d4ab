import { identityOf, VILLAGE } from '../support/build.ts';
import type { Secrets } from '../support/witness.ts';

const identities: string[] = [];
const numbers: string[] = [];
const words: string[] = [];
const heads: string[] = [];
/** Diseases a health file follows are told of to offices above villages alone, and named where codes are listed. */
const diseases = ['health.of-household', 'system.code-lists', 'policy.facts', 'openapi'];
const own = new Map<string, readonly string[]>([
  ['tuberculosis', diseases],
  ['肺结核', diseases],
]);
/** What nobody may read, as it is planted. */
export const secrets = { identities, numbers, words, heads, own } satisfies Secrets;

/** A word found nowhere else. */
export function marked(what: string): string {
  const word = `记号${what}${words.length}`;
  words.push(word);
  return word;
}

/** A word found nowhere else, which only these routes may say. */
export function owned(what: string, ...routes: readonly string[]): string {
  const word = marked(what);
  own.set(word, routes);
  return word;
}

/** A number of eight digits after these, found nowhere else. */
export function secretNumber(form: string): string {
  const number = `${form}${98_765_000 + numbers.length}`;
  numbers.push(number);
  return number;
}

function someone(relation: string, birth: string) {
  const identityNumber = identityOf(birth, 100 + identities.length);
  identities.push(identityNumber);
  const name = relation === 'head' ? `户主甲${heads.length}` : marked('成员');
  if (relation === 'head') heads.push(name);
  return {
    ...{ name, relation, identityNumber, number: marked('人号') },
    facts: {
      ...{ health: ['serious', 'disabled'], disabilityKind: 4, disabilityGrade: 2, labour: 'lost' },
      ...{ dropoutReason: marked('辍学'), skills: marked('技能'), trainingWish: marked('培训') },
      ...{ jobWish: marked('意愿'), workplace: marked('单位') },
      ...{ basicMedical: true, seriousIllness: true, familyDoctor: true },
    },
  };
}

/** A family every secret of which is marked, and which meets every criterion of an exit. */
export function family(given: object = {}) {
  const income = { from: '2016-10-01', to: '2017-09-30', wagesFen: 3_000_000, businessFen: 0 };
  return {
    number: marked('户号'),
    village: VILLAGE,
    facts: {
      ...{ mainCause: 'illness', otherCauses: ['disability'], type: 'general', planYear: 2017 },
      ...{ housingGrade: 'A', waterSafe: true, food: true, clothes: true },
      income: { ...income, propertyFen: 0, transferFen: 0, businessCostFen: 0 },
      ...{ hamlet: marked('自然村'), group: marked('小组'), relocationPlace: marked('安置点') },
      relocationDifficulty: marked('困难'),
      ...given,
    },
    contact: {
      phone: secretNumber('100'),
      bankName: marked('银行'),
      bankAccount: secretNumber('0000'),
    },
    members: [
      someone('head', '1962-07-15'),
      someone('spouse', '1965-02-03'),
      someone('son', '1990-09-01'),
    ],
  };
}
