import { ageOn, lastSuch } from './day.ts';
import type { ExitGround } from './exit-ground.ts';
import type { SheetItem, Words } from './exit-item.ts';
import type { ExitRule } from './exit-rule.ts';
import { every, type Known, met } from './guarantee.ts';
import type { MemberOn } from './roster-of.ts';

const nobody: Words = { zh: '没有成员记录', en: 'no members are recorded' };

/** Counts that are not nil, in words. */
function counted(counts: readonly (readonly [number, Words])[]): Words {
  const some = counts.filter(([count]) => count > 0);
  return {
    zh: some.map(([count, { zh }]) => `${zh} ${count} 人`).join('，'),
    en: some.map(([count, { en }]) => `${count} ${en}`).join(', '),
  };
}

type Schooling = 'attending' | 'excused' | 'dropout' | 'unknown';

const schoolings: Readonly<Record<Schooling, Words>> = {
  attending: { zh: '在校', en: 'at school' },
  excused: { zh: '按规定不计', en: 'excused under the rule' },
  dropout: { zh: '失学辍学', en: 'out of school' },
  unknown: { zh: '在校情况不明', en: 'of whom it is not known' },
};

function schoolingOf({ facts }: MemberOn, rule: ExitRule['education']): Schooling {
  if (facts.school === undefined) return 'unknown';
  const stage = facts.school.replace(/-.*$/, '');
  if (rule.schools.includes(stage)) return 'attending';
  const reason = facts.dropoutReason?.trim() ?? '';
  return rule.excuses.includes(reason) ? 'excused' : 'dropout';
}

const holds: Readonly<Record<Schooling, Known>> = {
  attending: true,
  excused: true,
  dropout: false,
  unknown: null,
};

/**
 * No child of the rule's ages, in completed years on 31 August of the school year, is out of school, but for their health
 * (Compulsory Education Law, articles 5 and 11). A household without such children meets it.
 */
export function educationItem(ground: ExitGround, rule: ExitRule): SheetItem {
  const { fromAge, toAge, ageOn: monthDay } = rule.education;
  const start = lastSuch(monthDay, ground.on);
  const pupils = ground.members.filter(({ member }) => {
    const age = ageOn(member.birth, start);
    return fromAge <= age && age <= toAge;
  });
  const states = pupils.map((pupil) => schoolingOf(pupil, rule.education));
  const count = (state: Schooling) => states.filter((one) => one === state).length;
  const words = counted([
    [count('attending'), schoolings.attending],
    [count('excused'), schoolings.excused],
    [count('dropout'), schoolings.dropout],
    [count('unknown'), schoolings.unknown],
  ]);
  const isEmpty = ground.members.length === 0;
  const none = { zh: '没有应接受义务教育的孩子', en: 'no child owes it' };
  const some = {
    zh: `应接受义务教育 ${pupils.length} 人：${words.zh}`,
    en: `${pupils.length} owe it: ${words.en}`,
  };
  return {
    criterion: 'education',
    answer: isEmpty ? 'unknown' : met(every(states.map((state) => holds[state]))),
    need: {
      zh: `${start} 满 ${fromAge} 至 ${toAge} 周岁的孩子没有失学辍学（因身体原因的除外）`,
      en: `no child of ${fromAge} to ${toAge} completed years on ${start} is out of school, but for health`,
    },
    value: isEmpty ? nobody : pupils.length === 0 ? none : some,
    parts: {
      pupils: pupils.length,
      attending: count('attending'),
      excused: count('excused'),
      dropouts: count('dropout'),
      unknown: count('unknown'),
    },
    sources: pupils.flatMap((pupil) => ground.sourcesOf(pupil, 'school', 'dropoutReason')),
  };
}

type Cover = ExitRule['medical']['covers'][number];

const coverWords: Readonly<Record<Cover, Words>> = {
  basicMedical: { zh: '基本医疗保险', en: 'basic medical insurance' },
  seriousIllness: { zh: '大病保险', en: 'serious illness insurance' },
  familyDoctor: { zh: '家庭医生签约', en: 'a family doctor' },
};

/** Of how many members a cover is missing, or not known. */
function lackOf(members: readonly MemberOn[], cover: Cover): readonly (readonly [number, Words])[] {
  const missing = members.filter(({ facts }) => facts[cover] === false).length;
  const unknown = members.filter(({ facts }) => facts[cover] === undefined).length;
  const { zh, en } = coverWords[cover];
  return [
    [missing, { zh: `缺${zh}`, en: `without ${en}` }],
    [unknown, { zh: `${zh}不明`, en: `not known to have ${en}` }],
  ];
}

/** Every member is insured, insured against serious illness, and has a family doctor. */
export function medicalItem(ground: ExitGround, rule: ExitRule): SheetItem {
  const { covers } = rule.medical;
  const { members } = ground;
  const states = members.map(({ facts }) => every(covers.map((cover) => facts[cover] ?? null)));
  const count = (state: Known) => states.filter((one) => one === state).length;
  const words = counted([
    [count(true), { zh: '齐全', en: 'with all' }],
    ...covers.flatMap((cover) => lackOf(members, cover)),
  ]);
  const names = covers.map((cover) => coverWords[cover]);
  const some = {
    zh: `共 ${members.length} 人：${words.zh}`,
    en: `of ${members.length}: ${words.en}`,
  };
  return {
    criterion: 'medical',
    answer: members.length === 0 ? 'unknown' : met(every(states)),
    need: {
      zh: `全家人人有${names.map(({ zh }) => zh).join('、')}`,
      en: `every member has ${names.map(({ en }) => en).join(', ')}`,
    },
    value: members.length === 0 ? nobody : some,
    parts: {
      persons: members.length,
      covered: count(true),
      lacking: count(false),
      unknown: count(null),
    },
    sources: members.flatMap((member) => ground.sourcesOf(member, ...covers)),
  };
}
