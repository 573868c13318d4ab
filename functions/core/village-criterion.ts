import type { SheetItem, Words } from './exit-item.ts';
import type { VillageProfile } from './roster.ts';
import type { VillageCriterion, VillageRule } from './rule-village.ts';
import type { VillageFacts } from './village.ts';
import { denominatorOf } from './village-exit.ts';

/** A village on a day, as its criteria see it. */
export interface Judged {
  readonly profile: VillageProfile;
  readonly unexited: number;
}

type Criteria = VillageRule['criteria'];

/** One criterion in words and figures, whatever the answer. */
interface Told {
  /** Facts of the profile it rests on. */
  readonly fields: readonly (keyof VillageFacts)[];
  readonly need: (criteria: Criteria) => Words;
  readonly value: (judged: Judged, criteria: Criteria | undefined) => Words;
  readonly parts?: (judged: Judged, criteria: Criteria) => NonNullable<SheetItem['parts']>;
}

const unknown: Words = { zh: '尚无记录', en: 'not recorded' };

/** Hundredths in digits: 197 is 1.97. */
function hundredths(amount: number): string {
  return `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
}

/** Fen in yuan; whole amounts without digits behind the point. */
function yuan(fen: number): string {
  return fen % 100 === 0 ? String(fen / 100) : hundredths(fen);
}

/** Incidence in persons per ten thousand, rounded as ledgers, boards and notices do, but never up to the bound it lies below. */
function incidenceOf({ profile, unexited }: Judged, bound = 0): number | null {
  const all = denominatorOf(profile);
  if (all === null) return null;
  const scaled = unexited * 10_000;
  const rounded = Math.round(scaled / all);
  return scaled < bound * all ? Math.min(rounded, bound - 1) : rounded;
}

function ifKnown<T>(fact: T | null, words: (fact: T) => Words): Words {
  return fact === null ? unknown : words(fact);
}

function yesNo(fact: 'road' | 'network', words: { readonly yes: Words; readonly no: Words }): Told {
  return {
    fields: [fact],
    need: (criteria) => (criteria[fact].is ? words.yes : words.no),
    value: ({ profile }) => ifKnown(profile[fact], (has) => (has ? words.yes : words.no)),
  };
}

export const told: Readonly<Record<VillageCriterion, Told>> = {
  incidence: {
    fields: ['population'],
    need: ({ incidence }) => {
      const bound = hundredths(incidence.belowPerTenThousand);
      return {
        zh: `贫困发生率低于 ${bound}%（未脱贫人口占农村户籍人口）`,
        en: `persons not yet exited below ${bound} % of the rural registered population`,
      };
    },
    value: (judged, criteria) =>
      ifKnown(incidenceOf(judged, criteria?.incidence.belowPerTenThousand), (share) => ({
        zh: `${hundredths(share)}%（未脱贫 ${judged.unexited} 人，户籍人口 ${judged.profile.population} 人）`,
        en: `${hundredths(share)} % (${judged.unexited} not yet exited of ${judged.profile.population})`,
      })),
    parts: (judged, { incidence }) => ({
      unexitedPersons: judged.unexited,
      population: judged.profile.population,
      perTenThousand: incidenceOf(judged, incidence.belowPerTenThousand),
      belowPerTenThousand: incidence.belowPerTenThousand,
    }),
  },
  road: yesNo('road', {
    yes: { zh: '村道已硬化', en: 'the road to the village is hardened' },
    no: { zh: '村道未硬化', en: 'the road to the village is not hardened' },
  }),
  network: yesNo('network', {
    yes: { zh: '行政村已通网络', en: 'the village has a network' },
    no: { zh: '行政村未通网络', en: 'the village has no network' },
  }),
  power: {
    fields: ['hamlets', 'poweredHamlets'],
    need: ({ power }) => ({
      zh: `通电自然村不少于 ${power.poweredPerHundred}%`,
      en: `power in at least ${power.poweredPerHundred} % of the hamlets`,
    }),
    value: ({ profile: { hamlets, poweredHamlets } }) =>
      ifKnown(hamlets === null ? null : poweredHamlets, (some) => ({
        zh: `${hamlets} 个自然村，通电 ${some} 个`,
        en: `${some} of ${hamlets} hamlets have power`,
      })),
    parts: ({ profile: { hamlets, poweredHamlets } }, { power }) => ({
      hamlets,
      poweredHamlets,
      poweredPerHundred: power.poweredPerHundred,
    }),
  },
  dropout: {
    fields: ['dropouts'],
    need: ({ dropout }) => ({
      zh: `义务教育阶段失学辍学不多于 ${dropout.atMost} 人`,
      en: `at most ${dropout.atMost} dropped out of compulsory education`,
    }),
    value: ({ profile }) =>
      ifKnown(profile.dropouts, (some) => ({
        zh: `失学辍学 ${some} 人`,
        en: `${some} dropped out`,
      })),
    parts: ({ profile }, { dropout }) => ({
      dropouts: profile.dropouts,
      atMost: dropout.atMost,
    }),
  },
  income: {
    fields: ['collectiveIncomeFen'],
    need: ({ income }) => ({
      zh: `村财年收入不少于 ${yuan(income.atLeastFen)} 元`,
      en: `collective income of at least ${yuan(income.atLeastFen)} yuan a year`,
    }),
    value: ({ profile }) =>
      ifKnown(profile.collectiveIncomeFen, (fen) => ({
        zh: `村财收入 ${yuan(fen)} 元`,
        en: `collective income of ${yuan(fen)} yuan`,
      })),
    parts: ({ profile }, { income }) => ({
      collectiveIncomeFen: profile.collectiveIncomeFen,
      atLeastFen: income.atLeastFen,
    }),
  },
  industry: {
    fields: ['industries'],
    need: ({ industry }) => ({
      zh: `主导产业不少于 ${industry.atLeast} 个`,
      en: `at least ${industry.atLeast} leading industry`,
    }),
    value: ({ profile: { industries } }) =>
      ifKnown(industries.length === 0 ? null : industries, (some) => ({
        zh: `${some.length} 个：${some.join('、')}`,
        en: `${some.length}: ${some.join(', ')}`,
      })),
    parts: ({ profile }, { industry }) => ({
      industries: profile.industries.join('、') || null,
      atLeast: industry.atLeast,
    }),
  },
};
