import type { CapabilitySpec } from '../core/spec.ts';

export const visit: CapabilitySpec = {
  name: 'visit',
  tables: [
    {
      name: 'care',
      partition: 'pk',
      sort: 'sk',
      patterns: [
        'when a household was last visited: pk = H#<household>, sk = 0#visit',
        'visits of a household, latest first: pk = H#<household>, sk = V#<day>#<visit>',
        'what a visit was before it was corrected: pk = H#<household>, sk = W#<visit>#<version>',
        'photos of a visit: pk = H#<household>, sk begins with P#<visit>#',
        'a visit by the id its phone gave it: pk = I#<visit>, sk = 0',
        'contract and health file of a person: pk = N#<person>, sk = 0; follow-ups F#<day>#<follow-up>',
      ],
    },
  ],
  functions: [],
};
