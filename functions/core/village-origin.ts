import type { VillageProfile } from './roster.ts';
import {
  factsOf,
  factsThatDiffer,
  VillageFacts,
  type VillageOrigin,
  type VillageOrigins,
} from './village.ts';
import type { ProfileOccasion } from './village-event.ts';
import type { ProfileStep } from './village-move.ts';

const names = VillageFacts.keyof().options;
type FactName = (typeof names)[number];

/** Whether anybody has said anything: an empty list of industries says that none was reported. */
export function isKnown(profile: Pick<VillageProfile, FactName>, name: FactName): boolean {
  const value = profile[name];
  return Array.isArray(value) ? value.length > 0 : value !== null;
}

function originOf(
  name: FactName,
  { before, after }: { readonly before: VillageProfile | null; readonly after: VillageProfile },
  occasion: VillageOrigin,
): VillageOrigin | undefined {
  const [had, has] = [before?.origins?.[name], after.origins?.[name]];
  const isSame =
    before !== null && !factsThatDiffer(factsOf(before), factsOf(after)).includes(name);
  if (isSame) return had;
  // What came along from another village was entered there.
  return has !== undefined && before === null ? has : occasion;
}

/** A step whose facts say who entered them: those it changes by whoever takes it, the others as before; unknown ones have nobody. */
export function signed(step: ProfileStep, occasion: ProfileOccasion): ProfileStep {
  const { before, after } = step;
  if (!after) return step;
  const { heldOn, at, actor: by, source } = occasion;
  const origins: VillageOrigins = {};
  for (const name of names.filter((one) => isKnown(after, one))) {
    const origin = originOf(name, { before, after }, { heldOn, at, by, source });
    if (origin) origins[name] = origin;
  }
  return { before, after: { ...after, origins } };
}
