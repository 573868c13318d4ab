import type { CapabilitySpec } from './core/spec.ts';
import { page } from './page/spec.ts';
import { system } from './system/spec.ts';

/** Every capability of the registry: stacks, OpenAPI and the rights test are drawn from this list. */
export const catalogue: readonly CapabilitySpec[] = [system, page];
