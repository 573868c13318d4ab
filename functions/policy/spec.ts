import type { CapabilitySpec } from '../core/spec.ts';

export const policy: CapabilitySpec = {
  name: 'policy',
  tables: [
    {
      name: 'policy',
      partition: 'pk',
      sort: 'sk',
      patterns: [
        'policy documents of an area: pk = D#<area>, sk = <document>; their items, one row a version: sk = <document>#<item>#<version>',
        'dated lines of an area: pk = L#<area>, sk = <line>#<validFrom>',
        'what happened to the policies of an area: pk = E#<area>, sk = 3#…',
        'what a household received: pk = R#<household>, sk = <item>#<person or 0>#<day>#<receipt>; what changed of it: sk = 3#<receipt>#<version>',
        'where a receipt lies: pk = N#<receipt>, sk = 0',
        'what a household is entitled to: pk = V#<village>, sk = <household>',
        'coverage of an area by item: pk = G#<area above>, sk = <area>',
      ],
    },
  ],
  functions: [],
};
