import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROSTER_SHAPE } from '../../functions/core/roster-codec.ts';
import {
  readVillage,
  type VillageInput,
  writeVillage,
} from '../../functions/core/snapshot-object.ts';
import { anyRoster, profile, roster } from '../support/roster.ts';
import { runs } from '../support/seed.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const village = '350122101201';

function input(given: Partial<VillageInput> = {}): VillageInput {
  return {
    ...{ village, name: '东门村', year: 2016, day: '2016-12-31' },
    ...{ knownAt: '2017-10-23T02:00:00.000Z', rosters: [], profile: undefined },
    ...given,
  };
}

describe('the object of a frozen village', () => {
  it('gives back what was put into it, by household', () => {
    fc.assert(
      fc.property(fc.array(anyRoster, { maxLength: 4 }), fc.boolean(), (any, isKnown) => {
        const rosters = any.map((one) => ({ ...one, village }));
        const given = input({ rosters, profile: isKnown ? profile({ homes: 3 }) : undefined });
        const read = readVillage(writeVillage(given, digest), digest);
        expect(read.rosters).toEqual(rosters.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
        expect(read.profile).toEqual(given.profile);
        expect(read.isWhole).toBe(true);
      }),
      runs(30),
    );
  });

  it('says what it is about, when it was known and in which shape', () => {
    const text = writeVillage(input({ rosters: [roster()] }), digest);
    expect(text.split('\n')).toHaveLength(5);
    expect(readVillage(text, digest)).toMatchObject({
      about: {
        ...{ village, name: '东门村', county: '350122', year: 2016, day: '2016-12-31' },
        ...{ knownAt: '2017-10-23T02:00:00.000Z', rosterShape: ROSTER_SHAPE, households: 1 },
      },
      hash: digest(text.slice(text.indexOf('\n') + 1)),
    });
  });

  it('is not whole with one letter changed, and no object in another shape', () => {
    const text = writeVillage(input({ rosters: [roster()] }), digest);
    expect(readVillage(text.replace('样本', '样木'), digest).isWhole).toBe(false);
    expect(() => readVillage(text.replace('"v":1', '"v":9'), digest)).toThrow();
  });
});
