import * as z from 'zod';
import { ChangeRequest } from './change-request.ts';

/** A request as it may be shown: everything but its sealed body. */
export const RequestView = ChangeRequest.extend({
  /** The household has changed since: an open request will lapse when somebody decides on it. */
  isOvertaken: z.boolean(),
});
export type RequestView = z.infer<typeof RequestView>;

export const RequestList = z.object({
  requests: z.array(RequestView),
  cursor: z.string().optional(),
});

/**
 * The view of a request.
 * @param present version of the household as it stands
 */
export function requestView(request: ChangeRequest, present: number): RequestView {
  const [first] = request.parts;
  return { ...request, isOvertaken: request.state === 'open' && first?.version !== present };
}
