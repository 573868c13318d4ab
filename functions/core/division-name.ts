import { codeLists } from './code-list.ts';
import { type AreaCode, type Level, levelOf, liesWithin, parentOf } from './division.ts';
import { type Division, isOpen } from './division-register.ts';
import { successorsOf } from './division-scope.ts';
import { type Decided, refuse } from './refusal.ts';

const committee = /(?:村民|居民|村|居)委(?:员)?会$/;

/** Names are compared without blanks and brackets, full-width letters and digits as plain ones: 罗山（畲族）社区 is 罗山畲族社区. */
function bare(name: string): string {
  return name.normalize('NFKC').replace(/[\s()[\]〔〕·]/g, '');
}

/**
 * The short name that ledgers write: 东湾村委会, 东湾村村民委员会 → 东湾村; 北门社区居委会, 北门居民委员会 → 北门社区.
 */
export function shortName(name: string): string {
  const plain = bare(name);
  const found = committee.exec(plain);
  if (!found) return plain;
  const place = plain.slice(0, found.index);
  if (/(?:村|社区)$/.test(place)) return place;
  return place + (found[0].startsWith('村') ? '村' : '社区');
}

const nations = new Set(codeLists.nation.map((nation) => nation.zh));

function withoutNation(name: string): string {
  const length = [2, 3, 4, 5].find((size) => nations.has(name.slice(-size)) && name.length > size);
  return length ? name.slice(0, -length) : name;
}

/** What is left when the kind of place is dropped: 潘渡乡 and 潘渡镇 → 潘渡, 小沧畲族乡 → 小沧, 东湾村 → 东湾. */
export function stemOf(name: string): string {
  const stem = shortName(name).replace(/(?:街道办事处|街道|民族乡|镇|乡|社区|村)$/, '');
  return stem === '' ? shortName(name) : withoutNation(stem);
}

/** Ever looser readings of a name; the first that finds a place decides. */
const readings = [bare, shortName, stemOf] as const;

/** Names of a file's places, ready to be looked up. */
export interface PlaceIndex {
  readonly byCode: ReadonlyMap<AreaCode, Division>;
  /** `<reading>|<parent>|<name>` → divisions; the parent is empty for a look-up anywhere. */
  readonly byName: ReadonlyMap<string, readonly Division[]>;
  /** Counties and towns by the names with which an address begins. */
  readonly above: Readonly<Record<'county' | 'town', readonly Above[]>>;
}

interface Above {
  readonly code: AreaCode;
  readonly name: string;
}

/** What a row says about a place. A code of 12 digits wins over any name. */
export interface PlaceNamed {
  readonly code?: string;
  readonly county?: string;
  readonly town?: string;
  readonly village?: string;
  /** Name of the sheet: where no town is named it may be that of the town, 3样南镇. */
  readonly sheet?: string;
}

function keysOf(division: Division): readonly string[] {
  return readings.flatMap((reading, strength) => {
    const name = reading(division.name);
    const level = levelOf(division.code);
    return [`${strength}|${parentOf(division.code)}|${name}`, `${strength}|${level}|${name}`];
  });
}

/** An index over divisions (closed ones too: a ledger of last year names them). */
export function placeIndex(divisions: readonly Division[]): PlaceIndex {
  const byName = new Map<string, Division[]>();
  for (const division of divisions) {
    for (const key of keysOf(division)) {
      const found = byName.get(key);
      if (found) found.push(division);
      else byName.set(key, [division]);
    }
  }
  const above = (level: Level) =>
    divisions
      .filter(({ code }) => levelOf(code) === level)
      .map(({ code, name }) => ({ code, name: bare(name) }));
  return {
    byCode: new Map(divisions.map((division) => [division.code, division])),
    byName,
    above: { county: above('county'), town: above('town') },
  };
}

/** Divisions of that name under one of the parents (or of a level), by the strictest reading that finds any; those in use first. */
function named(index: PlaceIndex, within: readonly string[], name: string): readonly Division[] {
  for (const [strength, reading] of readings.entries()) {
    const found = within.flatMap(
      (parent) => index.byName.get(`${strength}|${parent}|${reading(name)}`) ?? [],
    );
    const open = found.filter(isOpen);
    if (open.length > 0) return open;
    if (found.length > 0) return found;
  }
  return [];
}

/** The village itself, or the one that took its place. */
function inUse(index: PlaceIndex, division: Division): Decided<AreaCode> {
  if (isOpen(division)) return { ok: division.code };
  const standings = (code: AreaCode) => index.byCode.get(code) ?? null;
  const now = successorsOf(division.code, standings).filter((code) => code !== division.code);
  const [only] = now;
  if (only && now.length === 1) return { ok: only };
  return refuse('area-closed', { area: division.code, successors: now.join('、') });
}

function byCode(index: PlaceIndex, code: string): Decided<AreaCode> {
  const division = index.byCode.get(code);
  if (!division) return refuse('area-unknown', { area: code });
  if (levelOf(code) !== 'village') return refuse('area-not-village', { area: code });
  return inUse(index, division);
}

/** Parents among which the village is looked for: the towns named, or every town. */
function townsOf(index: PlaceIndex, place: PlaceNamed): readonly string[] {
  if (!place.town) return ['village'];
  const counties = place.county ? named(index, ['county'], place.county) : [];
  const within = counties.length > 0 ? counties.map((county) => county.code) : ['town'];
  return named(index, within, place.town).map((town) => town.code);
}

/** Of several villages those in the town that the sheet is called by; all where it is called by none of theirs. */
function onSheet(
  index: PlaceIndex,
  { sheet, town }: PlaceNamed,
  found: readonly Division[],
): readonly Division[] {
  if (town || sheet === undefined) return found;
  const towns = townsOf(index, { town: sheet.replace(/^[\d\s.、]+/, '') });
  const own = found.filter(({ code }) => towns.some((one) => liesWithin(code, one)));
  return own.length > 0 ? own : found;
}

/** Villages named with the places above them, 样县样东镇上洋村, where the row names no town or that one. */
function byAddress(index: PlaceIndex, place: PlaceNamed, address: string): readonly Division[] {
  const county = index.above.county.find(({ name }) => address.startsWith(name));
  const rest = address.slice(county?.name.length ?? 0);
  const towns = index.above.town.filter(({ name }) => rest.startsWith(name) && rest !== name);
  if (towns.length === 0) return [];
  const within = place.town ? townsOf(index, place) : towns.map(({ code }) => code);
  return towns
    .filter(({ code }) => within.includes(code))
    .flatMap(({ code, name }) => named(index, [code], rest.slice(name.length)));
}

/** The villages of that name, from the places named with it outwards. */
function candidates(index: PlaceIndex, place: PlaceNamed, village: string): readonly Division[] {
  const found = named(index, townsOf(index, place), village);
  if (found.length === 0) return byAddress(index, place, bare(village));
  return found.length > 1 ? onSheet(index, place, found) : found;
}

/**
 * The village a row means. Short names are unique only within their town, so the town decides where given; without it the name must be
 * unique in the whole index, or in the town that the sheet is called by, or be a whole address. A closed village leads to its successor when there is exactly one.
 * Refusals: village-unknown, village-ambiguous, area-unknown, area-not-village, area-closed.
 */
export function findVillage(index: PlaceIndex, place: PlaceNamed): Decided<AreaCode> {
  if (place.code) return byCode(index, place.code.trim());
  const village = place.village ?? '';
  const found = candidates(index, place, village);
  const [only] = found;
  if (!only) return refuse('village-unknown', { town: place.town ?? '', village });
  if (found.length > 1) return refuse('village-ambiguous', { village });
  return inUse(index, only);
}
