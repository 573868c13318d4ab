import { type Family, type Person, text } from './base.ts';
import { chance, drawn } from './chance.ts';
import type { Cells } from './household.ts';

const yesNo = (is: boolean) => (is ? '是' : '否');

function happens(percent: number, { number }: Person, what: string): boolean {
  return chance(number, what) * 100 < percent;
}

const COMPULSORY = /^(?:小学|[七八九]年)/;
const LATER = /^(?:普通|中职|高职|本科)/;

function hasGot(family: Family, { number }: Person, name: string): boolean {
  return family.got.get(name)?.persons.has(number) ?? false;
}

function schoolOf(family: Family, person: Person): Cells {
  const { school } = person;
  if (!/^(?:学前|小学|[七八九]年|普通|中职|高职|本科)/.test(school))
    return { boarding: null, publicSchool: null, lunchAtSchool: null, suspended: null };
  const isPaid = hasGot(family, person, '寄宿生生活补助');
  const isLater = LATER.test(school);
  const isPupil = COMPULSORY.test(school);
  const boards = isLater ? happens(75, person, 'boards') : isPaid || happens(4, person, 'boards');
  const isHelped = hasGot(family, person, '雨露计划') || hasGot(family, person, '本科助学补助');
  return {
    boarding: isPupil || isLater ? yesNo(boards) : null,
    publicSchool: yesNo(isPaid || happens(94, person, 'public')),
    lunchAtSchool: isPupil ? yesNo(boards || happens(60, person, 'lunch')) : null,
    suspended:
      isPupil || isLater ? yesNo(isLater && !isHelped && happens(40, person, 'suspended')) : null,
  };
}

const isGrandchild = ({ row }: Person) => /^之孙/.test(text(row, '与户主关系'));
const isParent = ({ row }: Person) => /^之(?:子|女|儿媳)$/.test(text(row, '与户主关系'));
const worksAway = ({ row }: Person) => /省/.test(text(row, '务工区域'));

/** Children who live with their grandparents, or whose people work away. */
function childOf({ persons }: Family, person: Person): string {
  if (person.age >= 18) return '非困境儿童';
  if (isGrandchild(person) && !persons.some(isParent))
    return drawn(
      [
        ['孤儿', 0.2],
        ['事实无人抚养儿童', 0.25],
        ['留守儿童', 0.55],
      ],
      person.number,
      'child',
    );
  const isAlone = person.age < 16 && persons.some(worksAway) && happens(20, person, 'alone');
  return isAlone ? '留守儿童' : '非困境儿童';
}

const CHRONIC = [
  ['高血压', 0.4],
  ['糖尿病', 0.2],
  ['高血压、糖尿病', 0.1],
  ['肺结核', 0.03],
  ['严重精神障碍', 0.05],
  ['冠心病', 0.08],
  ['慢性阻塞性肺疾病', 0.06],
  ['类风湿关节炎', 0.05],
  ['其他', 1],
] as const;
const SERIOUS = [
  ['终末期肾病', 0.12],
  ['胃癌', 0.1],
  ['结直肠癌', 0.1],
  ['食管癌', 0.05],
  ['脑卒中', 0.25],
  ['冠心病', 0.15],
  ['其他', 1],
] as const;
const CHILDREN = [
  ['儿童白血病', 0.4],
  ['儿童先天性心脏病', 0.4],
  ['其他', 1],
] as const;

function diseasesOf({ health, age, number }: Person): string {
  if (health.includes('大病')) return drawn(age < 15 ? CHILDREN : SERIOUS, number, 'disease');
  return health.includes('慢性病') ? drawn(CHRONIC, number, 'disease') : '未患所列病种';
}

function selfCareOf(person: Person): string | null {
  if (person.age < 16) return null;
  const able = '能自理';
  const partly = '部分丧失自理能力';
  const unable = '完全丧失自理能力';
  if (person.labour === '丧失劳动力')
    return drawn(
      [
        [unable, 0.25],
        [partly, 0.55],
        [able, 1],
      ],
      person.number,
      'care',
    );
  return person.age >= 75
    ? drawn(
        [
          [unable, 0.04],
          [partly, 0.3],
          [able, 1],
        ],
        person.number,
        'care',
      )
    : able;
}

/** An able person works away where they do so now, or might. */
function canGoOut(person: Person): boolean | null {
  if (person.age < 16 || !/普通|技能|弱/.test(person.labour)) return null;
  if (worksAway(person)) return true;
  return happens(person.labour.startsWith('弱') ? 30 : 75, person, 'go-out');
}

function workOf(family: Family, person: Person): Cells {
  const { age, labour, isMale, row, school } = person;
  if (age < 16)
    return {
      registeredHere: yesNo(happens(96, person, 'registered')),
      canGoOut: null,
      publicPost: null,
    };
  const goes = canGoOut(person);
  const isAble = goes !== null;
  const months = Number(text(row, '务工时间(月)'));
  const isHome = happens(96, person, 'registered');
  const isSettled = months >= 10 && happens(20, person, 'employee');
  return {
    registeredHere: yesNo(isHome),
    canGoOut: goes === null ? null : yesNo(goes),
    publicPost: yesNo(goes === false && isHome && school === '非在' && happens(25, person, 'post')),
    veteran: yesNo(isMale && age >= 20 && age < 70 && happens(3, person, 'veteran')),
    skillCertificate: yesNo(
      isAble && happens(labour === '技能劳动力' ? 65 : 3, person, 'certificate'),
    ),
    selfEmployed: yesNo(
      isAble && months === 0 && family.able > 0 && happens(4, person, 'business'),
    ),
    employeePension: yesNo(isSettled),
  };
}

/** Kind and grade of a card, the graver the less somebody can work. */
function cardOf({ number, labour }: Person): string {
  const kind = drawn(
    [
      ['4', 0.55],
      ['1', 0.12],
      ['2', 0.1],
      ['3', 0.03],
      ['5', 0.08],
      ['6', 0.08],
      ['7', 1],
    ],
    number,
    'kind',
  );
  const isLost = labour === '丧失劳动力';
  const mild = labour === '无劳动力' ? '2' : '4';
  const grades = isLost
    ? ([
        ['1', 0.45],
        ['2', 1],
      ] as const)
    : ([
        ['3', 0.5],
        [mild, 1],
      ] as const);
  return kind + drawn(grades, number, 'grade');
}

function identityOf(person: Person, certified: ReadonlySet<string>): string {
  const identity = text(person.row, '证件号码');
  const hasCard =
    person.health.includes('残疾') && !certified.has(identity) && happens(94, person, 'card');
  return hasCard ? identity + cardOf(person) : identity;
}

function illOf(person: Person): boolean {
  const often = person.health.includes('慢性病') ? 12 : 2;
  return happens(person.health.includes('大病') ? 55 : often, person, 'inpatient');
}

/** What is noted of one of the household; of the disabled the card stands in the place of the identity number. */
export function personCells(family: Family, person: Person, certified: ReadonlySet<string>): Cells {
  const type = text(family.head, '贫困户属性');
  const isSpared = person.labour === '普通劳动力' && happens(15, person, 'spared');
  return {
    identityNumber: identityOf(person, certified),
    ...schoolOf(family, person),
    childNeed: childOf(family, person),
    diseases: diseasesOf(person),
    selfCare: selfCareOf(person),
    ...workOf(family, person),
    inpatientCounty: yesNo(illOf(person)),
    lowIncomeAllowance: yesNo(type === '低保贫困户' && !isSpared),
    destitute: yesNo(type.startsWith('特困')),
  };
}
