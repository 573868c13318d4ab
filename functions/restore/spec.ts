import type { CapabilitySpec } from '../core/spec.ts';

/** Names of tables made by point-in-time recovery begin so; the function may read no other table by Scan. */
export function restoredPrefix(stage: string): string {
  return `bangfu-${stage}-restored-`;
}

/**
 * Point-in-time recovery makes a new table. This job puts its rows back into the live one. It has no route: an operator invokes the
 * function, so only people with rights on the account can.
 */
export const restore: CapabilitySpec = {
  name: 'restore',
  functions: [
    {
      id: 'restore',
      entry: 'restore/handler.ts',
      purpose: 'puts the rows of a recovered table back into the live table, never over newer ones',
      memoryMb: 1024,
      timeoutSeconds: 900,
      tables: {
        household: 'write',
        identity: 'write',
        area: 'write',
        job: 'write',
        access: 'write',
        target: 'write',
        summary: 'write',
        case: 'write',
        pairing: 'write',
        policy: 'write',
        care: 'write',
      },
      restores: true,
    },
  ],
};
