import { type Family, type Person, text } from './base.ts';
import { between, chance, drawn } from './chance.ts';

export type Cells = Readonly<Record<string, string | number | null>>;

const yesNo = (is: boolean) => (is ? '是' : '否');
/** Towns on the sea, where families keep ponds, rafts and cages. */
const COAST = /晓澳|透堡|马鼻|官坂|筱埕|黄岐|苔菉|安凯|下宫|坑园|琯头/;

/** Whether something is so of a family in so many of a hundred. */
function happens(percent: number, { number }: Family, what: string): boolean {
  return chance(number, what) * 100 < percent;
}

function landOf(family: Family): Cells {
  const { number, able, got, head } = family;
  const farms = happens(able > 0 ? 80 : 30, family, 'farms');
  const farmland = farms ? between(0.5, able > 0 ? 4 : 1.5, number, 'farmland') : 0;
  const forest = happens(40, family, 'forest') ? between(1, 12, number, 'forest-mu') : 0;
  const orchard = happens(20, family, 'orchard') ? between(0.3, 3, number, 'orchard-mu') : 0;
  const ponds = COAST.test(text(head, '乡镇')) && able > 0 && happens(15, family, 'ponds');
  const paid = got.get('生态公益林补偿');
  // The county pays 22 yuan a mu; a few more hold such forest and were not paid.
  const unpaid = happens(2, family, 'public') ? between(3, 20, number, 'public-mu') : 0;
  return {
    farmlandMu: farmland,
    irrigatedMu: Math.round(farmland * chance(number, 'irrigated') * 10) / 10,
    forestMu: forest,
    ecoForestMu: happens(6, family, 'returned') ? between(0.5, 3, number, 'returned-mu') : 0,
    publicForestMu: paid ? Math.round((paid.yuan / 22) * 10) / 10 : unpaid,
    orchardMu: orchard,
    waterMu: ponds ? between(0.5, 6, number, 'pond-mu') : 0,
  };
}

function businessOf(family: Family): Cells {
  const { able, got, isAllied } = family;
  const plans = text(family.head, '五个一批').includes('生产发展');
  const works = able > 0 && plans;
  const verified = got.has('产业到户奖补') || (works && happens(20, family, 'verified'));
  return {
    projectVerified: yesNo(verified),
    produce: yesNo(isAllied || (able > 0 && happens(55, family, 'produce'))),
    allianceMember: yesNo(isAllied),
    livestock: yesNo(works && happens(30, family, 'livestock')),
    onlineShop: yesNo(able > 0 && happens(2, family, 'online')),
    cooperative: yesNo(able > 0 && happens(25, family, 'cooperative')),
    leadingEnterprise: yesNo(able > 0 && happens(12, family, 'enterprise')),
  };
}

/** Interest is paid on 91 of 360 days at 4.35 % a year, so the payment tells the loan, rounded to 100 yuan. */
function loanOf(family: Family): Cells {
  const paid = family.got.get('小额信贷贴息');
  const isUnpaid = family.able > 0 && happens(1.5, family, 'loan');
  if (!paid && !isUnpaid) {
    const isRated = family.able > 0 && happens(25, family, 'rated');
    return { creditRated: yesNo(isRated), loanFen: 0, loanMonths: null, loanProductive: null };
  }
  const drawnLoan = 10_000 + Math.floor(chance(family.number, 'loan-yuan') * 9) * 5000;
  const yuan = paid ? Math.round(paid.yuan / (0.0435 * (91 / 360)) / 100) * 100 : drawnLoan;
  return {
    creditRated: '是',
    loanFen: yuan,
    loanMonths: drawn(
      [
        [36, 0.7],
        [24, 0.2],
        [12, 0.1],
      ],
      family.number,
      'loan-months',
    ),
    loanProductive: yesNo(!happens(4, family, 'loan-use')),
  };
}

const SITES: readonly (readonly [string, number])[] = [
  ['偏远不便', 0.7],
  ['地质灾害隐患点', 0.3],
];

function siteOf(family: Family): Cells {
  const { number, got } = family;
  if (got.has('造福工程搬迁补助')) {
    const relocation = drawn(
      [
        ['集中安置', 0.7],
        ['分散安置', 0.3],
      ],
      number,
      'relocation',
    );
    return { site: drawn(SITES, number, 'site'), agreesToMove: '是', relocation };
  }
  if (!happens(5, family, 'unfit'))
    return { site: '适宜居住', agreesToMove: null, relocation: '未搬迁' };
  const agrees = yesNo(happens(60, family, 'agrees'));
  return { site: drawn(SITES, number, 'site'), agreesToMove: agrees, relocation: '未搬迁' };
}

/** A house of grade C or D of its own: it lives in a safe one, repaired meanwhile or borrowed, as the base ledger says. */
function houseOf(family: Family): Cells {
  const { number, got, head } = family;
  if (got.has('危房修缮补助'))
    return {
      onlyHouse: '是',
      ownHouseGrade: 'C级',
      housingRenewed: '是',
      housingAidBefore: '否',
      homeless: '否',
    };
  if (happens(1, family, 'homeless'))
    return {
      onlyHouse: '否',
      ownHouseGrade: null,
      housingRenewed: null,
      housingAidBefore: '否',
      homeless: '是',
    };
  const own = `${text(head, '住房等级')}级`;
  const grade = drawn(
    [
      ['C级', 0.018],
      ['D级', 0.012],
      [own, 0.97],
    ],
    number,
    'own-house',
  );
  const isUnsafe = grade !== own;
  return {
    onlyHouse: yesNo(!happens(8, family, 'other-house')),
    ownHouseGrade: grade,
    housingRenewed: isUnsafe ? '否' : null,
    housingAidBefore: yesNo(happens(5, family, 'aid-before')),
    homeless: '否',
  };
}

function guaranteeOf(family: Family): Cells {
  const { number, head, able } = family;
  const isGeneral = text(head, '贫困户属性') === '一般贫困户';
  const isDestitute = text(head, '贫困户属性').startsWith('特困');
  const hasExited = text(head, '脱贫属性') === '已脱贫';
  const risks = [
    ['脱贫不稳定户', 0.018],
    ['突发严重困难户', 0.006],
    ['风险消除', 0.01],
    ['未纳入监测', 1],
  ] as const;
  const classes = [
    ['低保边缘家庭', 0.06],
    ['支出型困难家庭', 0.04],
    ['非救助家庭', 1],
  ] as const;
  return {
    monitor: hasExited ? drawn(risks, number, 'monitor') : '未纳入监测',
    assistance: isGeneral ? drawn(classes, number, 'assistance') : '非救助家庭',
    assetsWithin: yesNo(happens(93, family, 'assets')),
    ableSupporter: yesNo(!isDestitute && (able > 0 || happens(80, family, 'supporter'))),
    cadreFamily: yesNo(!isDestitute && happens(2, family, 'cadre')),
  };
}

/** Aid is half of what a family paid itself, so what it got tells what it paid. */
function paidOf(family: Family): number {
  const aided = family.got.get('大病医疗补助');
  if (aided) return Math.round(aided.total * 2);
  const isIll = family.persons.some(({ health }) => /慢性病|大病/.test(health));
  if (isIll && happens(8, family, 'unaided'))
    return Math.round(between(1200, 15_000, family.number, 'paid-much'));
  return Math.round(between(0, isIll ? 900 : 200, family.number, 'paid-little'));
}

function lossOf(family: Family): string {
  const byDisaster = text(family.head, '主要致贫原因') === '因灾';
  const weights = byDisaster ? [0.3, 0.4, 0.3] : [0.003, 0.006, 0.02];
  const [collapsed = 0, damaged = 0, crops = 0] = weights;
  const losses = [
    ['房屋倒塌', collapsed],
    ['房屋损坏', damaged],
    ['种养受灾', crops],
    ['未受灾', 1],
  ] as const;
  return drawn(losses, family.number, 'loss');
}

const isChild = ({ row }: Person) => /^之[子女]$/.test(text(row, '与户主关系'));

function birthsOf(family: Family): string {
  const { head, persons, number } = family;
  const isOld = persons.some(({ age }) => age >= 50);
  if (text(head, '是否独生子女户') === '是')
    return drawn(
      [
        ['独生子女伤残家庭', isOld ? 0.05 : 0],
        ['独生子女户', 1],
      ],
      number,
      'births',
    );
  const children = persons.filter(isChild);
  if (children.length === 2 && children.every(({ isMale }) => !isMale)) return '二女户';
  const hasLost = children.length === 0 && isOld && happens(3, family, 'child-lost');
  return hasLost ? '独生子女死亡家庭' : '非计生奖扶家庭';
}

/** What a clerk who goes to the house would note of the household, beside the base ledger and in keeping with it. */
export function householdCells(family: Family): Cells {
  return {
    ...landOf(family),
    ...businessOf(family),
    ...loanOf(family),
    ...siteOf(family),
    ...houseOf(family),
    ...guaranteeOf(family),
    selfPaidMedicalFen: paidOf(family),
    disasterLoss: lossOf(family),
    birthPlanning: birthsOf(family),
    fuel: drawn(
      [
        ['柴草', 0.15],
        ['电', 0.25],
        ['液化气', 0.6],
      ],
      family.number,
      'fuel',
    ),
    sanitaryToilet: yesNo(happens(88, family, 'toilet')),
    cableTv: yesNo(happens(70, family, 'television')),
    legalNeed: yesNo(happens(2, family, 'legal')),
  };
}
