import * as z from 'zod';

/** Bytes as DynamoDB gives them. */
export const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** A fresh key of 256 bits, in the clear and wrapped. */
export interface FreshKey {
  readonly plain: Uint8Array;
  readonly wrapped: Uint8Array;
}

/**
 * The seam to whoever keeps the master key. A wrapped key opens only under the name it was made for (in KMS: its encryption context),
 * so that the key of one county and month cannot be passed off for another's.
 */
export interface KeyWrapper {
  make(name: string): Promise<FreshKey>;
  open(name: string, wrapped: Uint8Array): Promise<Uint8Array>;
}
