import { readBankAccount, readPhone } from './contact.ts';
import type { Day } from './day.ts';
import type { PersonFacts } from './fact.ts';
import { stated } from './fact-history.ts';
import type { HouseholdPatch, MemberPatch } from './household-change.ts';
import type { HouseholdChanges, NewHousehold, NewMember } from './household-input.ts';
import type { WantedContact, WantedHousehold, WantedMember } from './household-wanted.ts';
import { type Identity, readIdentity } from './identity-number.ts';
import { type Decided, type Fault, isRefused } from './refusal.ts';

/** Faults found so far; everything wrong is told at once. */
type Faults = Fault[];

/** The value read, or undefined with the fault noted. */
function take<T>(faults: Faults, field: string, read: Decided<T>): T | undefined {
  if (!isRefused(read)) return read.ok;
  faults.push({ field, code: read.refused });
  return undefined;
}

function verdict<T>(faults: Faults, value: T): Decided<T> {
  return faults.length > 0 ? { refused: 'request-invalid', faults } : { ok: value };
}

/** A text that may be left out or cleared. */
function takeText(
  faults: Faults,
  about: { readonly field: string; readonly text: string | null | undefined },
  read: (text: string) => Decided<string>,
): string | null | undefined {
  const { field, text } = about;
  return text === null || text === undefined ? text : take(faults, field, read(text));
}

function readContact(faults: Faults, contact: NewHousehold['contact']): WantedContact {
  const { phone, bankName, bankAccount } = contact ?? {};
  return stated({
    bankName,
    phone: takeText(faults, { field: 'contact.phone', text: phone }, readPhone),
    bankAccount: takeText(
      faults,
      { field: 'contact.bankAccount', text: bankAccount },
      readBankAccount,
    ),
  });
}

/** What a disability card says of its holder, unless it was stated otherwise. */
export function cardFacts({ card }: Identity): Partial<PersonFacts> {
  return card ? { disabilityKind: card.kind, disabilityGrade: card.grade } : {};
}

interface About {
  readonly person: NewHousehold['members'][number];
  readonly today: Day;
}

type Who = Pick<WantedMember, 'identity' | 'sex' | 'birth'> & {
  readonly card: Partial<PersonFacts>;
};

/** Who the person is by what was stated, where there is no identity number yet. */
function readStated(faults: Faults, at: string, about: About): Who {
  const { sex, birth } = about.person;
  for (const [field, value] of Object.entries({ sex, birth })) {
    if (value === undefined)
      faults.push({ field: `${at}${field}`, code: 'value-missing', values: { field } });
  }
  if (birth !== undefined && birth > about.today)
    faults.push({ field: `${at}birth`, code: 'date-future', values: { field: 'birth' } });
  return { identity: null, sex: sex ?? '', birth: birth ?? '', card: {} };
}

/** Who the person is by identity number; what was stated beside it must agree. */
function readNumbered(faults: Faults, at: string, about: About & { readonly number: string }): Who {
  const { sex, birth } = about.person;
  const field = `${at}identityNumber`;
  const read = take(faults, field, readIdentity(about.number, about.today));
  if (!read) return { identity: null, sex: '', birth: '', card: {} };
  if (sex !== undefined && sex !== read.sex) faults.push({ field, code: 'identity-sex' });
  if (birth !== undefined && birth !== read.birth)
    faults.push({ field: `${at}birth`, code: 'identity-birth' });
  return { identity: read.number, sex: read.sex, birth: read.birth, card: cardFacts(read) };
}

function readMember(faults: Faults, at: string, about: About): WantedMember {
  const { name, number, relation, facts, identityNumber } = about.person;
  const { card, ...who } =
    identityNumber === undefined
      ? readStated(faults, at, about)
      : readNumbered(faults, at, { ...about, number: identityNumber });
  return {
    ...who,
    name,
    number: number ?? null,
    relation,
    facts: { ...card, ...stated(facts ?? {}) },
  };
}

/** A household as a clerk entered it, or everything that is wrong with it. */
export function parseHousehold(body: NewHousehold, today: Day): Decided<WantedHousehold> {
  const faults: Faults = [];
  const wanted = {
    number: body.number,
    village: body.village,
    facts: stated(body.facts),
    contact: readContact(faults, body.contact),
    members: body.members.map((person, place) =>
      readMember(faults, `members.${place}.`, { person, today }),
    ),
  };
  return verdict(faults, wanted);
}

/** A new member as a clerk entered it. */
export function parseMember(
  body: NewMember,
  today: Day,
): Decided<WantedMember & { readonly heldFrom: Day; readonly joinReason: string }> {
  const faults: Faults = [];
  const member = readMember(faults, '', { person: body, today });
  return verdict(faults, { ...member, heldFrom: body.heldFrom ?? today, joinReason: body.reason });
}

function readMemberPatch(
  faults: Faults,
  at: string,
  about: { readonly patch: NonNullable<HouseholdChanges['members']>[number]; readonly today: Day },
): MemberPatch {
  const { id, name, number, identityNumber, facts, cleared } = about.patch;
  const identity =
    identityNumber === undefined
      ? undefined
      : take(faults, `${at}identityNumber`, readIdentity(identityNumber, about.today));
  return {
    person: id,
    ...stated({ name, number, identity }),
    facts: { ...(identity && cardFacts(identity)), ...stated(facts ?? {}) },
    cleared: cleared ?? [],
  };
}

/** A clerk's changes to a household, with the days and the numbers read. */
export function parseChanges(body: HouseholdChanges, today: Day): Decided<HouseholdPatch> {
  const faults: Faults = [];
  const patch = {
    heldFrom: body.heldFrom ?? today,
    heldTo: body.heldTo ?? null,
    reason: body.reason ?? null,
    facts: stated(body.facts ?? {}),
    cleared: body.cleared ?? [],
    contact: readContact(faults, body.contact),
    members: (body.members ?? []).map((member, place) =>
      readMemberPatch(faults, `members.${place}.`, { patch: member, today }),
    ),
  };
  return verdict(faults, patch);
}
