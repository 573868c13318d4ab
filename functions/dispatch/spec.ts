import type { CapabilitySpec } from '../core/spec.ts';

export const dispatch: CapabilitySpec = {
  name: 'dispatch',
  functions: [
    {
      id: 'dispatch',
      entry: 'dispatch/handler.ts',
      purpose: 'tells every change of a table to the queues that asked for it',
      memoryMb: 256,
      timeoutSeconds: 60,
      streams: true,
    },
  ],
};
