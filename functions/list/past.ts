import { type Actor, mayReach } from '../core/access.ts';
import type { Day } from '../core/day.ts';
import { type AreaCode, ancestorAt, levelOf } from '../core/division.ts';
import type { MemberName } from '../core/list-view.ts';
import type { Resident } from '../core/resident.ts';
import type { Roster, VillageProfile } from '../core/roster.ts';
import type { Pointer } from './page.ts';
import type { PagesAsked } from './service.ts';

/** What lists of a past day are read from. */
export interface PastSource {
  /** Villages in use of a county, in the order of their codes. */
  villages(county: AreaCode): Promise<readonly AreaCode[]>;
  /** Divisions in use directly inside an area. */
  inside(area: AreaCode): Promise<readonly AreaCode[]>;
  /** All who may have lived in a village on some day, in their order. */
  candidates(village: AreaCode): Promise<readonly Pointer[]>;
  residents(candidates: readonly Pointer[], day: Day): Promise<ReadonlyMap<string, Resident>>;
  profile(village: AreaCode, day: Day): Promise<VillageProfile | undefined>;
}

/** Villages looked through at once: most have few households. */
const AT_ONCE = 32;

/**
 * The households of a past day as a list pages through them: every candidate of every village, in the order of village and id, of which
 * those count that lived there that day and are within the reader's reach today. One per page: it remembers what it has read.
 */
export class PastPages implements PagesAsked {
  readonly #source: PastSource;
  readonly #actor: Actor;
  readonly #day: Day;
  readonly #candidates = new Map<AreaCode, Promise<readonly Pointer[]>>();
  readonly #names = new Map<string, MemberName>();
  readonly #away = new Set<string>();

  constructor(source: PastSource, { actor, day }: { readonly actor: Actor; readonly day: Day }) {
    this.#source = source;
    this.#actor = actor;
    this.#day = day;
  }

  /** Helpers see their own households alone, so of others they are not even told how many there were. */
  get outOfReach(): number | undefined {
    return this.#actor.role === 'helper' ? undefined : this.#away.size;
  }

  #candidatesOf(village: AreaCode): Promise<readonly Pointer[]> {
    const known = this.#candidates.get(village) ?? this.#source.candidates(village);
    this.#candidates.set(village, known);
    return known;
  }

  async entries({
    area,
    after,
    limit,
  }: {
    readonly area: AreaCode;
    readonly after?: Pointer | undefined;
    readonly limit: number;
  }): Promise<{ readonly pointers: readonly Pointer[]; readonly isEnd: boolean }> {
    const all = await this.#source.villages(ancestorAt(area, 'county'));
    const waiting = all.filter(
      (village) => village.startsWith(area) && village >= (after?.village ?? ''),
    );
    const isAfter = ({ village, household }: Pointer) =>
      village !== after?.village || household > after.household;
    const pointers: Pointer[] = [];
    while (waiting.length > 0 && pointers.length <= limit) {
      const found = await Promise.all(
        waiting.splice(0, AT_ONCE).map((village) => this.#candidatesOf(village)),
      );
      pointers.push(...found.flat().filter(isAfter));
    }
    return { pointers: pointers.slice(0, limit), isEnd: pointers.length <= limit };
  }

  async rosters(pointers: readonly Pointer[]): Promise<ReadonlyMap<string, Roster>> {
    const residents = await this.#source.residents(pointers, this.#day);
    const rosters = new Map<string, Roster>();
    for (const { village, household } of pointers) {
      const one = residents.get(household);
      if (one?.roster.village !== village) continue;
      if (mayReach(this.#actor, one.now)) {
        rosters.set(household, one.roster);
        for (const [person, name] of one.names) this.#names.set(person, name);
      } else this.#away.add(household);
    }
    return rosters;
  }

  async profiles(villages: readonly AreaCode[]): Promise<ReadonlyMap<AreaCode, VillageProfile>> {
    const found = await Promise.all(
      villages.map((village) => this.#source.profile(village, this.#day)),
    );
    return new Map(found.flatMap((one) => (one ? [[one.village, one]] : [])));
  }

  async *counties(area: AreaCode, from: AreaCode | undefined): AsyncGenerator<AreaCode> {
    const county = ancestorAt(area, 'county');
    if (levelOf(county) === 'county') {
      yield county;
      return;
    }
    for (const one of await this.#source.inside(area))
      if (one >= (from ?? '').slice(0, one.length)) yield* this.counties(one, from);
  }

  names(members: readonly { readonly person: string }[]): Promise<ReadonlyMap<string, MemberName>> {
    const known = members.flatMap(({ person }) => {
      const name = this.#names.get(person);
      return name ? [[person, name] as const] : [];
    });
    return Promise.resolve(new Map(known));
  }
}
