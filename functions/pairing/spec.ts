import type { CapabilitySpec } from '../core/spec.ts';

export const pairing: CapabilitySpec = {
  name: 'pairing',
  tables: [
    {
      name: 'pairing',
      partition: 'pk',
      sort: 'sk',
      patterns: [
        'a helper with its pairings: pk = H#<helper>; 0 helper, 1#<pairing> pairings, 2#<pairing>#<day>#<delivery> deliveries',
        'what happened to it, newest first: pk = H#<helper>, sk = 3#<999999999 - version>',
        'who helps a household or village: pk = S#<household or village>, sk = <pairing>',
        'the helpers a county, city or province keeps: pk = C#<county>, sk = <kind>#<helper>; their pairings: sk = pairing#<pairing>',
      ],
    },
  ],
  functions: [],
};
