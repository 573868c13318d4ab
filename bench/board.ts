import { handler as board } from '../functions/board/handler.ts';
import { call } from './call.ts';
import type { CountySize } from './county.ts';
import type { Ground } from './ground.ts';
import type { Figure } from './ratio.ts';

/** What the board of a county costs and how much it says. */
async function boardOf({ meter }: Ground, code: string) {
  const asked = { route: 'GET /areas/{code}/board', params: { code }, areas: code } as const;
  // A first call, so that what is cached per function (names of closed divisions) is.
  await call(board, asked);
  let body = '';
  const { read } = await meter.of(async () => {
    body = await call(board, asked);
  });
  return { read, kilobytes: Buffer.byteLength(body) / 1024 };
}

/** Read units of the county board while the county, village by village, grows tenfold and again. */
export async function boardFigures(
  ground: Ground,
  sizes: readonly CountySize[],
): Promise<readonly Figure[]> {
  const found = [];
  for (const size of sizes) found.push({ ...size, ...(await boardOf(ground, size.code)) });
  const [first, ...others] = found;
  if (!first) return [];
  const note = 'same divisions, larger villages';
  return [
    ...others.map(({ households, read }) => ({
      name: `county board, ${households} households / ${first.households}`,
      unit: 'RRU',
      ours: read,
      base: first.read,
      goal: 1,
      note,
    })),
    ...found.slice(-1).map(({ households, read, kilobytes }) => ({
      name: `county board, ${households} households: units per 4 KB answered`,
      unit: 'RRU / 4 KB',
      ours: read,
      base: kilobytes / 4,
      goal: 0.5,
      note: `${kilobytes.toFixed(0)} KB answered`,
    })),
  ];
}
