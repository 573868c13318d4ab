import type { Helper } from './helper.ts';
import { type HouseholdFile, isClosed, villageOf } from './household.ts';
import { assignHelpers } from './household-close.ts';
import type { DecisionContext, FieldChange, HouseholdChange } from './household-event.ts';
import type { Pairing } from './pairing.ts';
import { coversLacking, pairingRuleOn } from './pairing-rule.ts';
import { type Decided, refuse } from './refusal.ts';

/** A pairing with its helper. */
export interface Helping {
  readonly helper: Helper;
  readonly pairing: Pairing;
}

/** Pairings of one household that begin or end together. */
export interface HouseholdHelp {
  /** Those under way before. */
  readonly known: readonly Helping[];
  readonly begins: readonly Helping[];
  readonly ends: readonly Helping[];
  readonly heldOn: string;
  readonly reason: string | null;
}

function toldOf({ begins, ends }: HouseholdHelp): readonly FieldChange[] {
  const told = ({ helper, pairing }: Helping) => ({
    id: pairing.id,
    kind: helper.kind,
    name: helper.name,
  });
  return [
    ...ends.map((one) => ({ field: 'pairing', person: null, before: told(one), after: null })),
    ...begins.map((one) => ({ field: 'pairing', person: null, before: null, after: told(one) })),
  ];
}

/**
 * The household with its helpers as they are once pairings have begun and ended: who may read it, and whether it is covered.
 * Refusals: household-closed (struck off, and a pairing would begin), those of every household.
 */
export function helpHousehold(
  file: HouseholdFile,
  help: HouseholdHelp,
  context: DecisionContext,
): Decided<HouseholdChange | undefined> {
  if (isClosed(file.household) && help.begins.length > 0) return refuse('household-closed');
  const gone = new Set(help.ends.map(({ pairing }) => pairing.id));
  const helping = [...help.known.filter(({ pairing }) => !gone.has(pairing.id)), ...help.begins];
  const { covers } = pairingRuleOn(context.today, villageOf(file.household));
  const kinds = helping.map(({ helper }) => helper.kind);
  const subs = helping.flatMap(({ helper }) => helper.sub ?? []);
  const { heldOn: heldFrom, reason } = help;
  const paired = coversLacking(covers.household, kinds).length === 0;
  const more = toldOf(help);
  return assignHelpers(file, { subs, paired, heldFrom, reason, more }, context);
}
