import * as z from 'zod';
import { call } from './take-in.ts';

const counts = z.object({ registered: z.number(), exited: z.number(), unexited: z.number() });
const Board = z.object({
  area: z.object({ code: z.string(), name: z.string() }),
  asOf: z.string(),
  households: counts,
  persons: counts,
  shares: z.object({ exitedPersons: z.number().nullable() }),
});

/** The board's first lines as a leader would read them, every figure from the API. */
export async function headline(url: string, token: string, county: string): Promise<string> {
  const board = Board.parse(await call(`${url}/areas/${county}/board`, token));
  const say = (key: keyof z.infer<typeof counts>) =>
    `${board.households[key]} 户 / ${board.persons[key]} 人 (households / persons)`;
  return [
    '',
    `  ${board.area.name} ${board.area.code}, ${board.asOf}`,
    `  建档立卡 registered   ${say('registered')}`,
    `  已脱贫   exited       ${say('exited')}, ${board.shares.exitedPersons ?? '-'} % of persons`,
    `  未脱贫   not exited   ${say('unexited')}`,
  ].join('\n');
}
