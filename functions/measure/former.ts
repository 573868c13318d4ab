import { childrenOf } from '../area/table.ts';
import { type AreaCode, ancestorAt, parentOf } from '../core/division.ts';
import { formerCodes } from '../core/division-scope.ts';
import { type ModeList, shippedModes } from '../core/measure-mode.ts';
import { getModes } from './table.ts';

/** The modes of a county, and whether they stand under its present code: a county that got another code keeps what it had published. */
export interface ModesFound {
  readonly list: ModeList;
  readonly isOwn: boolean;
}

/** The modes of the county of a place: its own, else those of the county in whose place it stands, else the list that is shipped. */
export async function modesFor(
  tables: { readonly care: string; readonly area: string },
  place: AreaCode,
): Promise<ModesFound> {
  const county = ancestorAt(place, 'county');
  const own = await getModes(tables.care, county);
  if (own) return { list: own, isOwn: true };
  const beside = await childrenOf(tables.area, parentOf(county) ?? '0');
  for (const code of formerCodes(county, beside)) {
    const found = code === county ? undefined : await getModes(tables.care, code);
    if (found) return { list: found, isOwn: false };
  }
  return { list: shippedModes, isOwn: false };
}
