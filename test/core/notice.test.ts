import { describe, expect, it } from 'vitest';
import {
  type NoticeInput,
  NoticeView,
  noticeOf,
  noticeRow,
  roundOf,
} from '../../functions/core/notice.ts';
import { noticePage } from '../../functions/core/notice-page.ts';
import data from '../../functions/core/notice-rule.json' with { type: 'json' };
import { NoticeRule, noticeRuleOn } from '../../functions/core/notice-rule.ts';
import { procedureKinds } from '../../functions/core/procedure-kind.ts';
import { rosterOf } from '../../functions/core/roster-of.ts';
import { identityOf, registered, VILLAGE, wantedMember } from '../support/build.ts';

type Given = Partial<Exclude<NoticeInput, { kind: 'village-exit' }>>;
type Villages = Partial<Extract<NoticeInput, { kind: 'village-exit' }>>;

const row = { headName: '陈样本', village: '东湾村委会', persons: 4, type: 'general' };
const posting = {
  act: 'notice',
  round: null,
  level: 'village',
  place: { county: '连江县', town: '敖江镇', village: '东湾村委会' },
  area: VILLAGE,
  postedOn: '2017-10-23',
  days: 7,
  lastDay: '2017-10-29',
  paused: 0,
  signedBy: null,
} as const;

function noticed(input: NoticeInput): NoticeView {
  const notice = noticeOf(input);
  if (!notice) throw new Error('no notice');
  return NoticeView.parse(notice);
}

const exitNotice = (given: Given = {}) =>
  noticed({ ...posting, kind: 'household-exit', rows: [row], ...given });

const village = {
  ...{ town: '马鼻镇', village: '浮曦村委会' },
  ...{ households: 12, persons: 40, unexited: 3, population: 1234 },
};
const villageNotice = (given: Villages = {}) =>
  noticed({ ...posting, kind: 'village-exit', level: 'town', rows: [village], ...given });

describe('a notice', () => {
  it('says who, where, how many, of which type, what is proposed, for how long, whom to call and who signs', () => {
    expect(exitNotice().text).toBe(
      [
        '敖江镇东湾村拟脱贫退出贫困户名单公示',
        '',
        '按照《关于建立贫困退出机制的意见》（厅字〔2016〕16号）规定的程序，现将拟脱贫退出贫困户名单（共1户4人）予以公示。',
        '',
        '序号　户主姓名　行政村　家庭人口　户类型　结果',
        '1　陈样本　东湾村　4　一般贫困户　拟脱贫退出',
        '',
        '公示时间：2017年10月23日至2017年10月29日（7天，含张贴当天）。',
        '公示期内对名单有异议的，可以口头或书面向敖江镇东湾村村民委员会提出，也可以拨打下列电话。',
        '全国扶贫监督举报电话：12317',
        '县扶贫监督举报电话：____________________',
        '',
        '敖江镇东湾村村民委员会',
        '2017年10月23日',
      ].join('\n'),
    );
  });

  it('of what was decided is an announcement: no days to object in', () => {
    const { title, closing, rows } = exitNotice({ act: 'announce', days: null, lastDay: null });
    expect(title).toBe('敖江镇东湾村脱贫退出贫困户名单公告');
    expect(closing.slice(0, 2)).toEqual([
      '公告日期：2017年10月23日。',
      '对结果有异议的，可以拨打下列电话。',
    ]);
    expect(rows[0]?.at(-1)).toBe('脱贫退出');
  });

  it('has a title and a result of its own for every kind and act', () => {
    const titles = procedureKinds.flatMap((kind) =>
      (['notice', 'announce'] as const).map((act) => {
        const notice =
          kind === 'village-exit'
            ? villageNotice({ act })
            : noticed({ ...posting, kind, act, rows: [row] });
        return `${notice.title} ${notice.rows[0]?.at(-1)}`;
      }),
    );
    expect(titles).toEqual([
      '敖江镇东湾村拟识别建档立卡贫困户名单公示 拟识别为贫困户',
      '敖江镇东湾村新识别建档立卡贫困户名单公告 识别为贫困户',
      '敖江镇东湾村拟脱贫退出贫困户名单公示 拟脱贫退出',
      '敖江镇东湾村脱贫退出贫困户名单公告 脱贫退出',
      '敖江镇东湾村拟认定返贫户名单公示 拟认定返贫',
      '敖江镇东湾村返贫户名单公告 认定返贫',
      '敖江镇东湾村拟注销建档立卡户名单公示 拟注销',
      '敖江镇东湾村注销建档立卡户名单公告 注销',
      '连江县敖江镇拟退出贫困村名单公示 拟退出贫困村',
      '连江县敖江镇退出贫困村名单公告 退出贫困村',
    ]);
  });

  it('of several rounds says which one it is', () => {
    const titles = [1, 2, 12].map(
      (round) => noticed({ ...posting, kind: 'identification', round, rows: [row] }).title,
    );
    expect(titles.map((title) => title.slice(-5))).toEqual([
      '第一次公示',
      '第二次公示',
      '12次公示',
    ]);
    const acts = ['assess', 'notice', 'assess', 'notice', 'decide'] as const;
    expect(acts.map((_, at) => roundOf(acts, at))).toEqual([null, 1, null, 2, null]);
    expect(roundOf(['assess', 'notice', 'decide'], 1)).toBeNull();
  });

  it('is signed by the office of its level, or by whom it is told', () => {
    const community = { ...posting.place, village: '北门社区居委会' };
    expect(exitNotice({ place: community }).signedBy).toBe('敖江镇北门社区居民委员会');
    expect(exitNotice({ level: 'town' }).signedBy).toBe('连江县敖江镇人民政府');
    expect(exitNotice({ level: 'county' })).toMatchObject({
      signedBy: '连江县扶贫开发领导小组办公室',
      title: '连江县拟脱贫退出贫困户名单公示',
    });
    expect(exitNotice({ signedBy: '驻村工作队' }).closing[1]).toContain('向驻村工作队提出');
  });

  it('tells its first day where days and the last one are not counted', () => {
    expect(exitNotice({ days: null, lastDay: null }).closing[0]).toBe('公示时间：2017年10月23日。');
  });

  it('stands still while an objection is open, and says which days did not count once it is settled', () => {
    expect(exitNotice({ lastDay: null }).closing[0]).toBe(
      '公示时间：自2017年10月23日起7天，含张贴当天；现有异议正在核实，核实期间不计入公示时间，截止日期另行公布。',
    );
    expect(exitNotice({ lastDay: '2017-10-31', paused: 2 }).closing[0]).toBe(
      '公示时间：2017年10月23日至2017年10月31日（7天，含张贴当天，核实异议的2天不计）。',
    );
  });

  it('of villages shows what their exit is judged by', () => {
    const unknown = { ...village, population: null };
    const nobody = { ...village, population: 0 };
    const { rows, lead } = villageNotice({ rows: [village, unknown, nobody] });
    expect(lead).toContain('（共3个村）');
    expect(rows.map((cells) => cells.slice(1, -1))).toEqual([
      ['马鼻镇', '浮曦村', '12户40人', '3', '0.24%'],
      ['马鼻镇', '浮曦村', '12户40人', '3', '—'],
      ['马鼻镇', '浮曦村', '12户40人', '3', '—'],
    ]);
  });

  it('does not guess a type or a name', () => {
    const rows = [
      { ...row, type: null },
      { ...row, type: 'chronic' },
      { ...row, headName: ' \u202e ' },
    ];
    const [unknown, foreign, nameless] = exitNotice({ rows }).rows;
    expect([unknown?.[4], foreign?.[4], nameless?.[1]]).toEqual(['—', '—', '—']);
  });

  it('uses the words in force on its day and in its place; before the first there is none', () => {
    const input = { ...posting, kind: 'household-exit', rows: [row] } as const;
    expect(noticeOf({ ...input, postedOn: '2013-10-31' })).toBeUndefined();
    const national = NoticeRule.parse(data[0]);
    const line = { name: '连江县扶贫办', number: '0591-00000000' };
    const own = { ...national, version: 2, scope: '350122', complaint: [line] };
    const version = (area: string) => noticeRuleOn('2017-10-23', area, [national, own])?.version;
    expect([version(VILLAGE), version('350121101201')]).toEqual([2, 1]);
  });
});

describe('a notice as a page', () => {
  it('is complete, on A4, in Chinese, asks nothing of anybody and runs nothing', () => {
    const page = noticePage(exitNotice());
    expect(page.startsWith('<!doctype html>\n<html lang="zh-CN">')).toBe(true);
    expect(page).toContain('size: A4');
    expect(page).toContain('display: table-header-group');
    expect(page).toContain('<p>全国扶贫监督举报电话：12317</p>');
    expect(page).toContain('（公章）');
    expect(page).toContain('张贴人（签字）');
    expect(page).not.toMatch(/https?:|<script|<link|<img|@import|url\(|\son\w+=/i);
  });

  it('has one form for one and for many, each row once and the heading once', () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({ ...row, headName: `样${at}号` }));
    const page = noticePage(exitNotice({ rows }));
    expect(page.match(/<tr><td>/g)).toHaveLength(200);
    expect(page.match(/<thead>/g)).toHaveLength(1);
    expect(page).toContain('<td>200</td><td>样199号</td>');
    expect(page).toContain('（共200户800人）');
    const frame = (text: string) =>
      text.replace(/<tbody>.*<\/tbody>/s, '').replace(/共\d+户\d+人/, '');
    expect(frame(page)).toBe(frame(noticePage(exitNotice())));
  });

  it('of several sheets begins each on a page of its own, in one document', () => {
    const page = noticePage(exitNotice(), exitNotice({ act: 'announce' }), villageNotice());
    expect(page.match(/<section class="sheet">/g)).toHaveLength(3);
    expect(page.match(/<html|<\/html>|<style>/g)).toHaveLength(3);
    expect(page).toContain('.sheet + .sheet { break-before: page; }');
    expect(page).toContain('<title>敖江镇东湾村拟脱贫退出贫困户名单公示</title>');
  });

  it('has a width for every column', () => {
    for (const notice of [exitNotice(), villageNotice()])
      expect(noticePage(notice).match(/<col class/g)).toHaveLength(notice.columns.length);
  });

  it.each([
    ['a script', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['an attribute', `"' onload='x' &lt;`, '&quot;&#39; onload=&#39;x&#39; &amp;lt;'],
    ['lines and turned writing', '陈\n样\u2028本\u202e甲\u0000', '陈 样 本甲'],
    ['a very long name', '长'.repeat(500), '长'.repeat(500)],
  ])('shows %s in a name as the letters it is made of', (_, headName, shown) => {
    const hostile = { county: headName, town: headName, village: headName };
    const notice = exitNotice({
      rows: [{ ...row, headName, village: headName }],
      place: hostile,
      signedBy: headName,
    });
    const page = noticePage(notice);
    expect(page).toContain(`<td>${shown}</td>`);
    expect(page).toContain(`<p>${shown}</p>`);
    expect(page.match(/<[a-z]+/gi)?.filter((tag) => /script|svg|img/i.test(tag))).toEqual([]);
    expect(notice.text.split('\n')).toHaveLength(14);
  });
});

describe('what a notice says of a household', () => {
  it('is none of its secrets: every one is marked, and no mark is found', () => {
    const mark = (name: string) => `秘密${name}`;
    const births = ['1962-07-15', '1965-02-03'];
    const members = births.map((birth, at) =>
      wantedMember({
        ...{ birth, name: at === 0 ? '陈样本' : mark('成员'), number: mark('人编号') },
        ...{ identity: identityOf(birth, 21 + at * 3), relation: at === 0 ? 'head' : 'spouse' },
        sex: at === 0 ? 'male' : 'female',
        facts: {
          ...{ health: ['serious', 'disabled'], disabilityKind: 4, disabilityGrade: 2 },
          ...{ labour: 'lost', dropoutReason: mark('因病'), skills: mark('技能') },
          ...{ workplace: mark('单位'), jobWish: mark('意愿'), trainingWish: mark('培训') },
        },
      }),
    );
    const { household, secrets } = registered({
      ...{ number: mark('户编号'), members },
      contact: { phone: '10000000017', bankName: mark('银行'), bankAccount: '0000123456789' },
      facts: {
        ...{ mainCause: 'illness', otherCauses: ['disability'], hamlet: mark('自然村') },
        ...{ group: mark('小组'), relocationDifficulty: mark('困难'), identifiedYear: 2014 },
      },
    });
    // Whatever else comes along with what is picked has no way into the notice either.
    const loaded = { ...household, ...secrets, ...noticeRow(rosterOf(household), '东湾村') };
    const input = { ...posting, ...household, kind: 'household-exit', rows: [loaded] } as const;
    const notice = noticed(input);
    const said = JSON.stringify(notice) + noticePage(notice);
    expect(said).toContain('陈样本');
    expect(said).not.toContain('秘密');
    for (const birth of births) expect(said).not.toContain(birth.replaceAll('-', ''));
    const words = /350199|10000000017|0000123456789|\*\*|1962|1965|因病|因残|疾|残|健康|劳动|病/;
    expect(said).not.toMatch(words);
    expect(said).not.toMatch(/illness|disab|serious|hh_|per_/);
    expect(noticeRow(rosterOf(household), '东湾村')).toEqual({
      ...{ headName: '陈样本', village: '东湾村', persons: 2, type: 'general' },
    });
  });
});
