import * as z from 'zod';
import { ChangeRequest } from '../core/change-request.ts';
import type { AskedChange } from '../core/request-input.ts';
import { Bytes } from '../lib/keys-wrap.ts';

/** Version of the shapes stored here. */
export const V = 1;

/** A request; the body, which may hold identity numbers, phones and accounts, is sealed. */
export const RequestItem = ChangeRequest.extend({ v: z.literal(V), sealed: Bytes });
export type RequestItem = z.infer<typeof RequestItem>;

/** A request in the list of its county. */
export const RequestEntry = z.object({ sk: z.string(), v: z.literal(V), request: z.string() });

/** A request and its sealed body. */
export interface StoredRequest {
  readonly request: ChangeRequest;
  readonly sealed: Uint8Array;
}

/** A request that is being filed. */
export interface NewlyAsked {
  readonly request: ChangeRequest;
  readonly change: AskedChange;
}
