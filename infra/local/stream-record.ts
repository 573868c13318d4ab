import type { _Record, AttributeValue } from '@aws-sdk/client-dynamodb-streams';
import type { Json, JsonObject } from './json.ts';

/** A stream record as a function receives it. */
export interface StreamRecord {
  eventID: string;
  eventName: string;
  sequence: string;
  at: number;
  event: JsonObject;
}

export function toRecord(record: _Record, region: string, streamArn: string): StreamRecord {
  const { eventID = '', eventName = '', dynamodb: change = {}, userIdentity: who } = record;
  const sequence = change.SequenceNumber ?? '';
  const at = change.ApproximateCreationDateTime?.getTime() ?? 0;
  const event: JsonObject = {
    eventID,
    eventName,
    eventVersion: record.eventVersion ?? '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: at / 1000,
      SequenceNumber: sequence,
      SizeBytes: change.SizeBytes ?? 0,
      StreamViewType: change.StreamViewType ?? '',
      ...images(change),
    },
    eventSourceARN: streamArn,
  };
  if (who) event.userIdentity = { type: who.Type ?? '', principalId: who.PrincipalId ?? '' };
  return { eventID, eventName, sequence, at, event };
}

function images({ Keys, NewImage, OldImage }: NonNullable<_Record['dynamodb']>): JsonObject {
  return {
    ...(Keys ? { Keys: image(Keys) } : {}),
    ...(NewImage ? { NewImage: image(NewImage) } : {}),
    ...(OldImage ? { OldImage: image(OldImage) } : {}),
  };
}

function image(item: Record<string, AttributeValue>): JsonObject {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

/** The same value with binary data as base64 text, as in Lambda's events. */
function plain(value: AttributeValue): Json {
  if (value.B !== undefined) return { B: Buffer.from(value.B).toString('base64') };
  if (value.BS !== undefined) {
    return { BS: value.BS.map((one) => Buffer.from(one).toString('base64')) };
  }
  if (value.L !== undefined) return { L: value.L.map(plain) };
  if (value.M !== undefined) return { M: image(value.M) };
  const text: Json = JSON.parse(JSON.stringify(value));
  return text;
}
