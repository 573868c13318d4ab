import { describe, expect, it } from 'vitest';
import { messageOf, type StreamRecord } from '../../functions/dispatch/message.ts';

function record(
  pk: string,
  sk: string,
  images: Partial<StreamRecord['dynamodb']> = {},
): StreamRecord {
  return {
    eventSourceARN: 'arn:aws:dynamodb:local:0:table/t/stream/now',
    dynamodb: { SequenceNumber: '1', Keys: { pk: { S: pk }, sk: { S: sk } }, ...images },
  };
}

const image = (figures: string, version: string) => ({
  figures: { B: figures },
  until: { S: '2018-01-01' },
  version: { N: version },
});

describe('what consumers are told of a change', () => {
  it('of a roster: its village and household', () => {
    expect(messageOf(record('V#350122101201', '1#hh_1'))).toEqual({
      village: '350122101201',
      household: 'hh_1',
    });
  });

  it('of a village profile: the village; of its events: nothing', () => {
    expect(messageOf(record('V#350122101201', '0'))).toEqual({ village: '350122101201' });
    expect(messageOf(record('V#350122101201', '3#999999998'))).toBeUndefined();
  });

  it('of a summary: the area above it, up to the provinces', () => {
    expect(messageOf(record('S#350122', '350122101'))).toEqual({ area: '350122' });
    expect(messageOf(record('S#0', '35'))).toBeUndefined();
  });

  it('a summary put again with the same figures is not told: so an echo ends', () => {
    const same = { OldImage: image('AAAA', '1'), NewImage: image('AAAA', '2') };
    expect(messageOf(record('S#350122', '350122101', same))).toBeUndefined();
    const other = { OldImage: image('AAAA', '1'), NewImage: image('AAAB', '2') };
    expect(messageOf(record('S#350122', '350122101', other))).toEqual({ area: '350122' });
  });

  it('of anything else: its key', () => {
    expect(messageOf(record('A#3501', '350122'))).toEqual({ pk: 'A#3501', sk: '350122' });
  });
});
