import { addDays } from '../../functions/core/day.ts';
import type { RefusalCode } from '../../functions/core/refusal.ts';
import { identityOf } from './build.ts';

/** A county of its own (350199 is assigned to none); its towns share village names. */
export const OTHER = '350199';
const villageNames = ['上洋', '溪边', '岭头'];
export const towns = ['榕山镇', '榕水乡', '榕林镇', '榕海街道'].map((name, at) => ({
  name,
  code: `${OTHER}${101 + at}`,
  villages: villageNames.map((village, place) => ({
    name: village,
    code: `${OTHER}${101 + at}${201 + place}`,
  })),
}));

/** A label as this county writes it and the code it stands for. */
type Label = readonly [written: string, code: string];
const statuses: readonly Label[] = [
  ['脱贫户', 'exited'],
  ['未脱贫', 'unexited'],
  ['脱贫', 'exited'],
];
const types: readonly Label[] = [
  ['一般', 'general'],
  ['低保户', 'low-income'],
  ['五保户', 'destitute'],
];
const causes: readonly Label[] = [
  ['因病', 'illness'],
  ['02、因残', 'disability'],
  ['缺劳动力', 'labour'],
  ['自身发展力不足', 'drive'],
];
const measures: readonly Label[] = [
  ['发展生产', 'production'],
  ['易地搬迁脱贫一批', 'relocation'],
  ['社保兜底', 'safety-net'],
];
const labours: readonly Label[] = [
  ['普通劳动力', 'ordinary'],
  ['弱/半劳动力', 'weak'],
  ['无劳力', 'none'],
];
const relations = ['本人', '配偶', '长子', '长女'];

const pick = <T>(list: readonly T[], at: number): T => {
  const found = list[at % list.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

export interface Member {
  name: string;
  relation: string;
  sex: string;
  /** As it is written. */
  identity: string;
  readonly labour: Label;
}

/** A household: what is written of it, and what is true of it once it is taken. */
export interface Family {
  number: string;
  town: string;
  village: string;
  readonly code: string;
  size: number;
  readonly status: Label;
  readonly type: Label;
  readonly cause: Label;
  readonly measures: readonly Label[];
  identified: string;
  readonly exited: number | null;
  readonly wagesFen: number;
  /** What is written instead of the wages. */
  wages?: string;
  hamlet: string;
  readonly phone: string;
  readonly bankAccount: string;
  readonly members: Member[];
  /** Why it is to be refused. */
  fault?: RefusalCode;
}

const WIDE = '０１２３４５６７８９';

/** Numbers as clerks write them: small x, full-width digits, a disability card of 20. */
function written(identity: string, order: number): string {
  if (order % 11 === 0) return identity.replace(/\d/g, (digit) => pick([...WIDE], Number(digit)));
  return order % 13 === 0 ? `${identity}43` : identity.replace('X', 'x');
}

function memberOf(order: number, place: number): Member {
  const isMale = place % 2 === (order % 2) * Number(place === 0);
  const birth = addDays('1940-01-01', order * 29);
  // The 17th digit tells the sex.
  const serial = 2 * (order % 400) + (isMale ? 1 : 2);
  return {
    name: `榕样${String.fromCodePoint(0x4e00 + order)}`,
    relation: pick(relations, place),
    sex: isMale ? '男' : '女',
    identity: written(identityOf(birth, serial), order),
    labour: pick(labours, order),
  };
}

function familyOf(index: number, first: number, town: (typeof towns)[number]): Family {
  const village = pick(town.villages, index);
  const size = 1 + ((index * 3) % 4);
  const status = pick(statuses, index);
  return {
    number: `${OTHER}${String(index).padStart(8, '0')}`,
    town: town.name,
    village: index % 2 === 0 ? village.name : `${village.name}村`,
    code: village.code,
    size,
    status,
    type: pick(types, index),
    cause: pick(causes, index),
    measures: index % 4 === 0 ? measures.slice(0, 2) : [pick(measures, index)],
    identified: `${2014 + (index % 3)}-03-01`,
    exited: status[1] === 'exited' ? 2017 : null,
    wagesFen: 300_000 + index * 12_050,
    hamlet: '样坑',
    phone: `100${String(20_000_000 + index)}`,
    bankAccount: `0000 ${String(200_000_000 + index)}`,
    members: Array.from({ length: size }, (_, place) => memberOf(first + place, place)),
  };
}

/** Households of all towns in turn, so many in each. */
export function familiesOf(perTown: number): readonly (readonly Family[])[] {
  let index = 0;
  let persons = 1;
  return towns.map((town) =>
    Array.from({ length: perTown }, () => {
      const family = familyOf(index, persons, town);
      index += 1;
      persons += family.members.length;
      return family;
    }),
  );
}

/** The family at a place from a list, of at least so many. */
export function large(families: readonly Family[], at: number, size = 2): Family {
  return pick(
    families.filter(({ members, fault }) => members.length >= size && !fault),
    at,
  );
}

/** The member at a place of a family that has one there. */
export function memberAt({ members }: Family, place: number): Member {
  return pick(members, place);
}
