import { isList, sheetRoute } from '../core/sheet-route.ts';
import type { CapabilitySpec } from '../core/spec.ts';

/** Where sheets lie until they are fetched. */
export const SHEETS = 'sheets/';
/** Days after which a sheet is removed: its address is good for minutes, and it holds names. */
const KEPT_DAYS = 1;

/**
 * Spreadsheets of the lists that say where theirs is. One function draws them all, at a processor's full speed, so that writing workbooks
 * weighs on no function that answers while somebody looks at a page.
 */
export function sheetsOf(capabilities: readonly CapabilitySpec[]): CapabilitySpec {
  const routes = capabilities.flatMap(({ functions }) =>
    functions.flatMap((one) => one.routes ?? []),
  );
  return {
    name: 'sheet',
    objects: [{ prefix: SHEETS, days: KEPT_DAYS }],
    functions: [
      {
        id: 'sheet',
        entry: 'sheet/handler.ts',
        purpose: 'draws lists as spreadsheets to print and take along',
        memoryMb: 1769,
        tables: {
          ...{ household: 'read', list: 'read', summary: 'read', area: 'read', job: 'read' },
          ...{ pairing: 'read', care: 'read', policy: 'read', access: 'write' },
        },
        bucket: { writes: [SHEETS] },
        routes: routes.filter(isList).map(sheetRoute),
      },
    ],
  };
}
