import type { CapabilitySpec } from '../core/spec.ts';

export const policy: CapabilitySpec = {
  name: 'policy',
  tables: [
    {
      name: 'policy',
      partition: 'pk',
      sort: 'sk',
      patterns: [
        'what an area has published: pk = D#<area>; its documents: sk = <document>, their items: sk = <document>~<try>#<item>#<version>',
        'lines of an area: pk = L#<area>, sk = <line>#<first day>',
        'what an area did with its policies, in order: pk = E#<area>, sk = 3#<instant>#<id>',
        'how often an area has published: pk = A#<area>, sk = 0',
      ],
    },
  ],
  functions: [],
};
