import type { ExitGround } from './exit-ground.ts';
import type { SheetItem, Words } from './exit-item.ts';
import type { ExitRule } from './exit-rule.ts';
import { type Known, met } from './guarantee.ts';

const yesNo = (fact: Known): Words => {
  if (fact === null) return { zh: '没有记录', en: 'no record' };
  return fact ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' };
};

const offRegister: ReadonlyMap<string | null, Words> = new Map([
  [null, { zh: '当日尚未登记', en: 'not registered yet on that day' }],
  ['applicant', { zh: '正在申请识别', en: 'still an applicant' }],
  ['struck-off', { zh: '已注销', en: 'struck off' }],
]);

/** What a household lacks that is not on the register on the day: it cannot leave what it is not in. Undefined for others. */
export function registerItem({ status, sources }: ExitGround): SheetItem | undefined {
  const value = offRegister.get(status);
  const need = { zh: '在册的建档立卡户', en: 'a household on the register' };
  return (
    value && { criterion: 'register', answer: 'not-met', need, value, sources: sources('status') }
  );
}

function plain(
  ground: ExitGround,
  field: 'food' | 'clothes' | 'waterSafe',
  item: Pick<SheetItem, 'criterion' | 'need'>,
): SheetItem {
  const fact = ground.facts[field] ?? null;
  return { ...item, answer: met(fact), value: yesNo(fact), sources: ground.sources(field) };
}

/** Food is no worry. */
export function foodItem(ground: ExitGround): SheetItem {
  return plain(ground, 'food', {
    criterion: 'food',
    need: { zh: '吃饭不愁', en: 'enough to eat' },
  });
}

/** Clothes are no worry. */
export function clothesItem(ground: ExitGround): SheetItem {
  const need = { zh: '穿衣不愁', en: 'enough to wear' };
  return plain(ground, 'clothes', { criterion: 'clothes', need });
}

/** Water is safe; whether it is hard to get is another question. */
export function waterItem(ground: ExitGround): SheetItem {
  return plain(ground, 'waterSafe', {
    criterion: 'water',
    need: { zh: '饮水安全', en: 'safe drinking water' },
  });
}

/** Renewal heals what was found before it; a grade found later says that the house is unsafe again. */
function isHealed(ground: ExitGround): Known {
  const renewed = ground.facts.housingRenewed ?? null;
  if (renewed !== true) return renewed;
  const [grade, renewal] = ground.sources('housingGrade', 'housingRenewed');
  return grade !== undefined && renewal !== undefined && grade.heldFrom <= renewal.heldFrom;
}

interface Housing {
  readonly answer: Known;
  readonly value: Words;
}

const renewal: ReadonlyMap<Known, Words> = new Map([
  [true, { zh: '已改造并竣工验收', en: 'renewed and accepted since' }],
  [false, { zh: '此后没有改造验收', en: 'not renewed and accepted since' }],
  [null, { zh: '是否改造验收没有记录', en: 'no record of a renewal' }],
]);

function housing(ground: ExitGround, { safe, renewable }: ExitRule['housing']): Housing {
  const grade = ground.facts.housingGrade;
  if (grade === undefined) return { answer: null, value: yesNo(null) };
  const graded = { zh: `${grade} 级`, en: `grade ${grade}` };
  if (safe.includes(grade)) return { answer: true, value: graded };
  if (!renewable.includes(grade)) return { answer: false, value: graded };
  const answer = isHealed(ground);
  const since = renewal.get(answer);
  return { answer, value: { zh: `${graded.zh}，${since?.zh}`, en: `${graded.en}, ${since?.en}` } };
}

/** The house is of a safe grade, or was rebuilt or repaired and accepted after it was found unsafe. */
export function housingItem(ground: ExitGround, rule: ExitRule): SheetItem {
  const { safe } = rule.housing;
  const { answer, value } = housing(ground, rule.housing);
  return {
    criterion: 'housing',
    answer: met(answer),
    need: {
      zh: `住房安全（${safe.join('、')} 级，或危房改造已竣工验收）`,
      en: `a safe house (grade ${safe.join(' or ')}, or renewed and accepted)`,
    },
    value,
    sources: ground.sources('housingGrade', 'housingRenewed'),
  };
}
