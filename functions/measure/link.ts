import type { AreaCode } from '../core/division.ts';
import type { Responsible } from '../core/measure.ts';
import type * as input from '../core/measure-input.ts';
import { type Decided, inField, type Refusal, refuse } from '../core/refusal.ts';

/** A pairing of a household or its village, as far as a measure may name it. */
export interface PairingKnown {
  readonly id: string;
  readonly helper: string;
  readonly name: string;
  readonly organisation: string | null;
}

/** What looking up what a measure names needs of the outside. */
export interface LinkPorts {
  /** Whether an item of the policy list that concerns persons or households is in force in a village on a day. */
  hasPolicy(id: string, village: AreaCode, day: string): Promise<boolean>;
  /** Pairings of a household and its village, those that ended too. */
  pairings(household: string, village: AreaCode): Promise<readonly PairingKnown[]>;
}

function unknownLink(field: 'policy' | 'pairing' | 'helper'): Refusal {
  return inField(refuse('measure-link', { field }), field);
}

type Links = Pick<input.NewMeasure, 'responsible' | 'policy' | 'pairing'>;

/** What a body names, looked up: who is responsible, null to take it back, undefined where it says nothing. Refusals: measure-link. */
export async function linksOf(
  ports: LinkPorts,
  {
    household: { id },
    village,
    day,
  }: {
    readonly household: { readonly id: string };
    readonly village: AreaCode;
    readonly day: string;
  },
  { responsible, policy, pairing }: Links,
): Promise<Decided<Responsible | null | undefined>> {
  if (policy && !(await ports.hasPolicy(policy, village, day))) return unknownLink('policy');
  const helper = responsible && 'helper' in responsible ? responsible.helper : undefined;
  const known = pairing || helper ? await ports.pairings(id, village) : [];
  if (pairing && !known.some((one) => one.id === pairing)) return unknownLink('pairing');
  if (!responsible) return { ok: responsible };
  if ('name' in responsible) {
    const { name, organisation = null } = responsible;
    return { ok: { name, organisation, helper: null } };
  }
  const found = known.find((one) => one.helper === responsible.helper);
  if (!found) return unknownLink('helper');
  const { name, organisation } = found;
  return { ok: { name, organisation, helper: responsible.helper } };
}
