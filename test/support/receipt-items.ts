import type { ReceiptItem } from '../../functions/core/receipt-match.ts';

/** What the sample's sheet of payments calls its items, each with what receipts need to know of it. */
const sampleItems: readonly (readonly [string, string, 'person' | 'household', string, number?])[] =
  [
    ['prod-award', '产业到户奖补', 'household', 'year'],
    ['home-repair', '危房修缮补助', 'household', 'once'],
    ['goods', '县直单位帮扶物资', 'household', 'once'],
    ['medical', '大病医疗补助', 'person', 'year'],
    ['preschool', '学前教育资助', 'person', 'term'],
    ['boarding-primary', '寄宿生生活补助', 'person', 'term', 50_000],
    ['boarding-junior', '寄宿生生活补助', 'person', 'term', 62_500],
    ['interest', '小额信贷贴息', 'household', 'year'],
    ['spring', '春节慰问金', 'household', 'year'],
    ['senior', '普通高中助学金', 'person', 'term'],
    ['bachelor', '本科助学补助', 'person', 'year'],
    ['forest', '生态公益林补偿', 'household', 'year'],
    ['ranger', '生态护林员补助', 'household', 'year'],
    ['relocation', '造福工程搬迁补助', 'household', 'once'],
    ['rain', '雨露计划', 'person', 'term'],
  ];

/** An item in force; what matters to a test is given. */
export function item(given: Partial<ReceiptItem> = {}): ReceiptItem {
  return {
    id: 'spring-gift',
    name: { zh: '春节慰问金发放', en: 'Gift at the spring festival' },
    aliases: ['春节慰问金'],
    subject: 'household',
    department: '县民政局',
    benefit: { kind: 'cash', period: 'year', amountFen: 50_000 },
    ...given,
  };
}

const periods = ['once', 'month', 'term', 'year'] as const;

export const itemsOfSample: readonly ReceiptItem[] = sampleItems.map(
  ([id, alias, subject, period, amountFen = null]) =>
    item({
      id,
      name: { zh: `${alias}（${id}）`, en: id },
      aliases: [alias],
      subject,
      benefit: {
        kind: 'cash',
        period: periods.find((one) => one === period) ?? 'year',
        amountFen,
      },
    }),
);
