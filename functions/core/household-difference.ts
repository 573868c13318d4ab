import { sameValue } from './fact-history.ts';
import { current, type HouseholdFile, type Member } from './household.ts';
import type { FieldChange, Shown } from './household-event.ts';
import { maskIdentity } from './identity-number.ts';

type Values = Readonly<Record<string, Shown | undefined>>;

function fieldChanges(before: Values, after: Values, person: string | null): FieldChange[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields
    .filter((field) => !sameValue(before[field], after[field]))
    .map((field) => ({
      field,
      person,
      before: before[field] ?? null,
      after: after[field] ?? null,
    }));
}

/** A member's values as they may be shown. */
function shownMember(member: Member): Values {
  const { name, number, sex, birth } = member;
  return { name, number, sex, birth, ...current(member.facts) };
}

/**
 * Every field in which two states of a household differ, before and after as they may be shown. Secrets are compared in full and
 * shown masked, so that two numbers with the same mask still count as a change.
 */
export function differences(before: HouseholdFile, after: HouseholdFile): readonly FieldChange[] {
  const one = before.household;
  const other = after.household;
  return [
    ...fieldChanges(current(one.facts), current(other.facts), null),
    ...fieldChanges({ bankName: one.bankName }, { bankName: other.bankName }, null),
    ...secretChange('phone', before, after),
    ...secretChange('bankAccount', before, after),
    ...fieldChanges({ helpers: one.helperSubs }, { helpers: other.helperSubs }, null),
    ...fieldChanges({ paired: one.paired }, { paired: other.paired }, null),
    ...memberChanges(before, after),
  ];
}

function secretChange(
  field: 'phone' | 'bankAccount',
  before: HouseholdFile,
  after: HouseholdFile,
): FieldChange[] {
  if (before.secrets[field] === after.secrets[field]) return [];
  const masked = `${field}Masked` as const;
  const values = { before: before.household[masked], after: after.household[masked] };
  return [{ field, person: null, ...values }];
}

function memberChanges(before: HouseholdFile, after: HouseholdFile): FieldChange[] {
  const were = new Map(before.household.members.map((member) => [member.id, member]));
  const are = new Set(after.household.members.map((member) => member.id));
  const staying = after.household.members.flatMap((member) => {
    const was = were.get(member.id);
    if (!was) return [{ field: 'member', person: member.id, before: null, after: member.name }];
    return [
      ...fieldChanges(shownMember(was), shownMember(member), member.id),
      ...identityChange(before.secrets.identities, after.secrets.identities, member.id),
    ];
  });
  const left = before.household.members.filter((member) => !are.has(member.id));
  return [
    ...staying,
    ...left.map(({ id, name }) => ({ field: 'member', person: id, before: name, after: null })),
  ];
}

function identityChange(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  person: string,
): FieldChange[] {
  const [was, is] = [before[person], after[person]];
  if (was === is) return [];
  const shown = (number: string | undefined) =>
    number === undefined ? null : maskIdentity(number);
  return [{ field: 'identityNumber', person, before: shown(was), after: shown(is) }];
}
