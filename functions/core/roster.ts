import type { Day } from './day.ts';
import type { OpenCase } from './procedure-kind.ts';
import type { VillageOrigins } from './village.ts';

/** What summaries and lists need to know of one live member; no name, no number. Unknown facts are null, never "no". */
export interface MemberDigest {
  readonly id: string;
  readonly birth: Day;
  readonly sex: string;
  readonly relation: string;
  readonly nation: string | null;
  readonly politics: string | null;
  readonly education: string | null;
  readonly school: string | null;
  readonly health: readonly string[];
  readonly labour: string | null;
  readonly workRegion: string | null;
  readonly workMonths: number | null;
  readonly basicMedical: boolean | null;
  readonly seriousIllness: boolean | null;
  readonly pension: boolean | null;
  readonly familyDoctor: boolean | null;
}

/**
 * One small item per household in its village's partition, written in the same transaction as the household: all that boards and
 * lists are computed from. Kept near 1 KB for a household of ordinary size.
 */
export interface Roster {
  readonly id: string;
  readonly version: number;
  readonly village: string;
  readonly number: string;
  readonly headName: string;
  readonly status: string;
  readonly type: string | null;
  readonly mainCause: string | null;
  readonly otherCauses: readonly string[];
  /** Batches by which it is helped: those stated of it, and those of its measures under way. */
  readonly measures: readonly string[];
  readonly identifiedYear: number | null;
  readonly planYear: number | null;
  readonly exitYear: number | null;
  readonly housingGrade: string | null;
  readonly waterSafe: boolean | null;
  readonly food: boolean | null;
  readonly clothes: boolean | null;
  readonly electricity: boolean | null;
  /** Income of the latest period, fen; null where none is known. */
  readonly income: {
    readonly to: Day;
    readonly wagesFen: number;
    readonly businessFen: number;
    readonly propertyFen: number;
    readonly transferFen: number;
    readonly businessCostFen: number;
  } | null;
  readonly helperSubs: readonly string[];
  /** Whether somebody answers for it now (帮扶责任人); null on a past day, of which pairings do not tell. */
  readonly paired: boolean | null;
  /** The procedure it is in and what that waits for; null where none is under way. */
  readonly openCase: OpenCase | null;
  /** Industry modes of its measures under way. */
  readonly modes: readonly string[];
  /** Kinds of its measures under way. */
  readonly measureKinds: readonly string[];
  /** Whether anybody ever said by what it is helped; without, no measure is known, which is not none. */
  readonly measuresKnown: boolean;
  readonly members: readonly MemberDigest[];
}

/** What a village's partition says of the village itself (current facts of its profile). */
export interface VillageProfile {
  readonly village: string;
  readonly version: number;
  readonly heldOn: Day;
  readonly poor: boolean;
  readonly planExitYear: number | null;
  readonly homes: number | null;
  /** Rural registered population (户籍人口), the denominator of incidence. */
  readonly population: number | null;
  readonly hamlets: number | null;
  readonly poweredHamlets: number | null;
  readonly road: boolean | null;
  readonly network: boolean | null;
  readonly dropouts: number | null;
  readonly collectiveIncomeFen: number | null;
  readonly industries: readonly string[];
  /** Day on which a poor village left the list (退出); it stays named as one. */
  readonly exitedOn: Day | null;
  /** Who entered each known fact, and when; missing where it was entered before this was noted. */
  readonly origins?: VillageOrigins;
}
