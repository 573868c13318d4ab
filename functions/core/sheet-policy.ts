import { type NameRow, NamesView } from './coverage-view.ts';
import { EntitlementList, type EntitlementRow } from './entitlement-view.ts';
import { columnsOf, listing, sheetWord } from './sheet.ts';

const named = columnsOf<NameRow>();

/** The names behind a figure of coverage. */
export const namesSheet = listing(NamesView, {
  title: { zh: '政策享受名单', en: 'Names behind the coverage of a policy' },
  about: ({ area, asOf, item: { name }, result }) => ({
    area,
    asOf,
    title: {
      zh: `${name.zh}（${sheetWord(`outcome-${result}`, 'zh')}）`,
      en: `${name.en} (${sheetWord(`outcome-${result}`, 'en')})`,
    },
  }),
  rows: ({ items }) => items,
  columns: [
    ...named.placed(({ village }) => village),
    named.text('householdNumber', ({ household }) => household?.number),
    named.text('headName', ({ household }) => household?.headName),
    named.texts('personNames', ({ persons }) => persons.map(({ name }) => name)),
    named.word('outcome', ({ result }) => `outcome-${result}`),
    named.yuan('due', ({ dueFen }) => dueFen),
    named.yuan('received', ({ receivedFen }) => receivedFen),
  ],
});

const entitled = columnsOf<EntitlementRow>();

/** On paper an amount beside “not eligible” would be read as a promise. */
function isEntitled({ result }: Pick<EntitlementRow, 'result'>): boolean {
  return result === 'received' || result === 'missed';
}

/** What one household is entitled to, receives and misses, item by item. */
export const entitlementSheet = listing(EntitlementList, {
  title: { zh: '应享政策清单', en: 'Entitlements of a household' },
  about: ({ village: area, asOf, household, number, headName }) => ({
    ...{ area, asOf, household },
    title: { zh: `${headName}（${number}）`, en: `${headName} (${number})` },
  }),
  rows: ({ items }) => items,
  columns: [
    entitled.said('item', ({ name }) => name),
    entitled.labels('measureBatch', 'measure', ({ batch }) => [batch]),
    entitled.text('itemDepartment', ({ department }) => department),
    entitled.text('personName', ({ person }) => person?.name),
    entitled.word('outcome', ({ result }) => `outcome-${result}`),
    entitled.said('benefit', ({ benefit }) => benefit),
    entitled.yuan('due', (row) => (isEntitled(row) ? row.dueFen : null)),
    entitled.yuan('received', ({ receivedFen }) => receivedFen),
    entitled.yuan('yearDue', (row) => (isEntitled(row) ? row.yearFen : null)),
    entitled.said('because', ({ reason }) => reason),
    entitled.answered('claimOpen', ({ claim }) => claim.isOpen),
    entitled.text('claimTo', ({ claim }) => claim.to),
    entitled.texts('papers', ({ evidence }) => evidence),
    entitled.answered('illustrative', ({ illustrative }) => illustrative),
  ],
});
