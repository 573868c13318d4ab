import { countyVillages } from '../area/around.ts';
import { childrenOf } from '../area/table.ts';
import { type AreaCode, parentOf } from '../core/division.ts';
import { formerCodes } from '../core/division-scope.ts';
import type { Procedure } from '../core/procedure.ts';
import type { ProcedureKind } from '../core/procedure-kind.ts';
import { publishedIn } from './table.ts';

/** The versions of a procedure a county has published, under its present code first and under those in whose place it stands. */
export async function publishedFor(
  tables: { readonly cases: string; readonly area: string },
  county: AreaCode,
  kind: ProcedureKind,
): Promise<readonly Procedure[]> {
  const beside = await childrenOf(tables.area, parentOf(county) ?? '0');
  const codes = formerCodes(county, beside);
  const found = await Promise.all(codes.map((code) => publishedIn(tables.cases, code, kind)));
  return found.flat();
}

type CodesOf = (village: AreaCode) => Promise<readonly AreaCode[]>;

/** The code of a village and those in whose place it stands: a case stays under the code it was begun under. */
export function codesOfVillages(area: string): CodesOf {
  const around = countyVillages(area);
  return async (village) => (await around(village)).origins(village).map(({ code }) => code);
}
