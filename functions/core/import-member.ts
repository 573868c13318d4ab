import type { Day } from './day.ts';
import type { WantedMember } from './household-wanted.ts';
import { readIdentity } from './identity-number.ts';
import type { ImportFault } from './import-reason.ts';
import {
  at,
  type LedgerReading,
  missing,
  type RegistryRow,
  unlessFaulty,
} from './import-registry.ts';
import { isRefused } from './refusal.ts';

/** Whether a stated birth is another day than that of the number; a column of months gives their first days. */
function isOtherBirth(stated: Day | undefined, birth: Day): boolean {
  if (stated === undefined || stated === birth) return false;
  return !(stated.endsWith('-01') && stated.slice(0, 7) === birth.slice(0, 7));
}

type Who = Pick<WantedMember, 'identity' | 'sex' | 'birth' | 'facts'>;

/** Who the person of a row is by identity number; what stands beside it must agree. */
function numbered(row: RegistryRow, number: string, reading: LedgerReading): Who | ImportFault {
  const { sex, birth } = row.person;
  const field = 'identityNumber';
  const read = readIdentity(number, reading.today);
  if (isRefused(read)) return at(row, { code: read.refused, field });
  const rows = reading.twice(row);
  if (rows !== undefined) return at(row, { code: 'person-twice', field, values: { rows } });
  const { ok: known } = read;
  if (sex !== undefined && sex !== known.sex)
    return at(row, { code: 'identity-sex', field: 'sex' });
  if (isOtherBirth(birth, known.birth)) return at(row, { code: 'identity-birth', field: 'birth' });
  const { card } = known;
  const facts = card ? { disabilityKind: card.kind, disabilityGrade: card.grade } : {};
  return { identity: known.number, sex: known.sex, birth: known.birth, facts };
}

/** Who the person of a row is who has no identity number yet: known in the household by name, birth and relation. */
function unnumbered(row: RegistryRow, reading: LedgerReading): Who | ImportFault | null {
  const { sex, birth } = row.person;
  if (sex === undefined || birth === undefined) {
    const fault = at(row, { code: 'identity-missing', field: 'identityNumber' });
    const isTold = row.faults.some(({ field }) => field === 'sex' || field === 'birth');
    return isTold ? null : unlessFaulty(row, fault);
  }
  if (birth <= reading.today) return { identity: null, sex, birth, facts: {} };
  return at(row, {
    code: 'date-future',
    field: 'birth',
    values: { field: reading.called('birth') },
  });
}

/** The person of a row, or what is wrong with it; null where the reading of its cells has said so. */
export function memberOf(
  row: RegistryRow,
  reading: LedgerReading,
): { readonly ok: WantedMember } | ImportFault | null {
  const { number = null, name, identity, relation, facts } = row.person;
  if (!name) return unlessFaulty(row, missing(row, 'name', reading));
  if (!relation) return unlessFaulty(row, missing(row, 'relation', reading));
  const who = identity ? numbered(row, identity, reading) : unnumbered(row, reading);
  if (who === null || 'code' in who) return who;
  return { ok: { ...who, number, name, relation, facts: { ...who.facts, ...facts } } };
}

/** Whether two rows may well be the same person: alike in all that is known of them, one of them without a number. */
function isAlike(one: WantedMember, other: WantedMember): boolean {
  const isUnsure = one.identity === null || other.identity === null;
  return isUnsure && one.name === other.name && one.birth === other.birth;
}

/** Rows of a household that stand for one person, as far as anybody can tell: nothing would keep them apart in the register. */
export function doubleFaults(
  read: readonly { readonly row: RegistryRow; readonly member: WantedMember }[],
): readonly ImportFault[] {
  return read.flatMap(({ row, member }, place) => {
    const double = read.slice(0, place).find((earlier) => isAlike(earlier.member, member));
    if (!double) return [];
    const values = { rows: String(double.row.row) };
    return [at(row, { code: 'person-twice', field: 'name', values })];
  });
}
