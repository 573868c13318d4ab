import type { CapabilitySpec } from '../core/spec.ts';

export const policy: CapabilitySpec = {
  name: 'policy',
  tables: [
    {
      name: 'policy',
      partition: 'pk',
      sort: 'sk',
      stream: [
        { prefix: 'R#', to: ['entitlement'] },
        { prefix: 'E#', to: ['entitlement'] },
        { prefix: 'G#', to: ['entitlement'] },
      ],
      patterns: [
        'what an area has published: pk = D#<area>; its documents: sk = <document>, their items: sk = <document>~<try>#<item>#<version>',
        'lines of an area: pk = L#<area>, sk = <line>#<first day>',
        'what an area did with its policies, in order: pk = E#<area>, sk = 3#<instant>#<id>',
        'how often an area has published: pk = A#<area>, sk = 0',
        'what a household received: pk = R#<household>, sk = <item>#<person or 0>#<day>#<receipt>; what changed of it: sk = 3#<receipt>#<version>',
        'where a receipt lies: pk = N#<receipt>, sk = 0',
        'what was found of a household: pk = V#<village>, sk = <household>',
        'coverage of an area by item, in the partition of the area above: pk = G#<area above, 0 above provinces>, sk = <area>',
      ],
    },
  ],
  functions: [],
};
