import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { labelledLists } from '../../functions/core/code-label.ts';
import type { CodeListName } from '../../functions/core/code-list.ts';
import type { LedgerCell } from '../../functions/core/ledger-cell.ts';
import type { MemberDigest, Roster, VillageProfile } from '../../functions/core/roster.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';

/** The sample county at its own day, read without the import: tests compare what the registry makes of it with what the ledgers say. */
export const SAMPLE_DAY = '2017-10-23';
export const SAMPLE_COUNTY = '350122';

export type Row = ReadonlyMap<string, LedgerCell | null>;

/** Rows of one sheet of a workbook of the sample by heading, without title, note and total rows. */
export function rowsOf(file: string, sheet: string): Promise<readonly Row[]> {
  return rowsIn(`sample/${file}`, sheet);
}

/** The same of a workbook laid out as those of the sample. */
export async function rowsIn(path: string, sheet: string): Promise<readonly Row[]> {
  let headings: readonly string[] = [];
  const rows: Row[] = [];
  for await (const row of readSheet(path, basename(path))) {
    if (row.sheet !== sheet) continue;
    if (row.cells[0] === '序号') headings = row.cells.map(String);
    else if (headings.length > 0 && typeof row.cells[0] === 'number')
      rows.push(new Map(headings.map((heading, at) => [heading, row.cells[at] ?? null])));
  }
  return rows;
}

function text(row: Row, heading: string): string | null {
  const cell = row.get(heading);
  return typeof cell === 'string' || typeof cell === 'number' ? String(cell) : null;
}

function number(row: Row, heading: string): number | null {
  const cell = text(row, heading);
  return cell === null ? null : Number(cell);
}

function known(row: Row, heading: string): boolean | null {
  const cell = text(row, heading);
  return cell === null ? null : cell === '是';
}

function code(list: CodeListName, label: string): string {
  const found = labelledLists[list].find((one) => one.zh === label || one.also?.includes(label));
  if (!found) throw new Error(`no ${list} for ${label}`);
  return found.code;
}

function coded(row: Row, heading: string, list: CodeListName): string | null {
  const label = text(row, heading);
  return label === null ? null : code(list, label);
}

function codes(row: Row, heading: string, list: CodeListName): readonly string[] {
  return (text(row, heading)?.split('、') ?? []).map((label) => code(list, label));
}

function memberOf(row: Row): MemberDigest {
  const identity = text(row, '证件号码') ?? '';
  return {
    id: `per_${text(row, '人编号')}`,
    birth: `${identity.slice(6, 10)}-${identity.slice(10, 12)}-${identity.slice(12, 14)}`,
    sex: coded(row, '性别', 'sex') ?? '',
    relation: coded(row, '与户主关系', 'relation') ?? '',
    nation: coded(row, '民族', 'nation'),
    politics: coded(row, '政治面貌', 'politics'),
    education: coded(row, '文化程度', 'education'),
    school: coded(row, '在校生状况', 'school'),
    health: codes(row, '健康状况', 'health'),
    labour: coded(row, '劳动技能', 'labour'),
    workRegion: coded(row, '务工区域', 'workRegion'),
    workMonths: number(row, '务工时间(月)'),
    basicMedical: known(row, '是否参加城乡居民基本医疗保险'),
    seriousIllness: known(row, '是否参加大病医疗保险'),
    pension: known(row, '是否参加城乡居民基本养老保险'),
    familyDoctor: known(row, '是否签约家庭医生'),
  };
}

function rosterOf(head: Row, village: string, rows: readonly Row[]): Roster {
  const fen = (heading: string) => (number(head, heading) ?? 0) * 100;
  return {
    id: `hh_${text(head, '户编号')}`,
    version: 1,
    village,
    number: text(head, '户编号') ?? '',
    headName: text(head, '姓名') ?? '',
    status: coded(head, '脱贫属性', 'status') ?? '',
    type: coded(head, '贫困户属性', 'type'),
    mainCause: coded(head, '主要致贫原因', 'cause'),
    otherCauses: codes(head, '其他致贫原因', 'cause'),
    measures: codes(head, '五个一批', 'measure'),
    identifiedYear: number(head, '识别年度'),
    planYear: number(head, '计划脱贫年度'),
    exitYear: number(head, '脱贫年度'),
    housingGrade: coded(head, '住房等级', 'housingGrade'),
    waterSafe: known(head, '是否饮水安全'),
    food: known(head, '是否解决吃饭'),
    clothes: known(head, '是否解决穿衣'),
    electricity: known(head, '是否通生活用电'),
    income: {
      to: '2016-09-30',
      wagesFen: fen('工资性收入'),
      businessFen: fen('生产经营性收入'),
      propertyFen: fen('财产性收入'),
      transferFen: fen('转移性收入'),
      businessCostFen: fen('生产经营性支出'),
    },
    helperSubs: [],
    paired: false,
    openCase: null,
    modes: [],
    measureKinds: [],
    measuresKnown: text(head, '五个一批') !== null,
    members: rows.map(memberOf),
  };
}

/** Codes of villages by town name and the short name ledgers use. */
export function villageCodes(): ReadonlyMap<string, string> {
  const lines = readFileSync('sample/divisions.csv', 'utf8').trim().split('\n').slice(1);
  const places = lines.map((line) => line.trim().split(','));
  const names = new Map(places.map(([place = '', name = '']) => [place, name]));
  return new Map(
    places
      .filter(([, , level]) => level === 'village')
      .map(([place = '', name = '', , parent = '']) => {
        const short = name.replace(/村委会$/, '村').replace(/社区居委会$/, '社区');
        return [`${names.get(parent)} ${short}`, place];
      }),
  );
}

/** The rosters of the sample county by village. */
export async function sampleRosters(): Promise<ReadonlyMap<string, readonly Roster[]>> {
  const places = villageCodes();
  const byHousehold = Map.groupBy(await rowsOf('贫困人口台账.xlsx', '贫困人口台账'), (row) =>
    text(row, '户编号'),
  );
  const rosters = [...byHousehold.values()].flatMap((rows) => {
    const [head] = rows;
    if (!head) return [];
    const place = places.get(`${text(head, '乡镇')} ${text(head, '行政村')}`);
    return [rosterOf(head, place ?? '', rows)];
  });
  return Map.groupBy(rosters, (roster) => roster.village);
}

/** The profiles of the poor villages of the sample county. */
export async function sampleProfiles(): Promise<ReadonlyMap<string, VillageProfile>> {
  const rows = await rowsOf('贫困村台账.xlsx', '贫困村');
  return new Map(
    rows.map((row) => {
      const village = text(row, '村编码') ?? '';
      return [
        village,
        {
          village,
          version: 1,
          heldOn: SAMPLE_DAY,
          poor: true,
          planExitYear: number(row, '计划退出年度'),
          homes: number(row, '户数'),
          population: number(row, '户籍人口'),
          hamlets: number(row, '自然村数'),
          poweredHamlets: number(row, '自然村通电数'),
          road: known(row, '村道硬化'),
          network: known(row, '通网络'),
          dropouts: number(row, '义务教育失学人数'),
          collectiveIncomeFen: Math.round((number(row, '村财收入(万元)') ?? 0) * 1_000_000),
          industries: text(row, '主导产业')?.split('、') ?? [],
          exitedOn: null,
        },
      ];
    }),
  );
}
