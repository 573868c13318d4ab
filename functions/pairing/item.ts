/** Versions of the shapes stored here. */
export const V = { helper: 1, pairing: 1, delivery: 1, event: 1 } as const;

const LAST_VERSION = 999_999_999;

/** Where everything of a helper stands; events sort newest first. */
export const keyOf = {
  file: (helper: string) => `H#${helper}`,
  helper: (helper: string) => ({ pk: `H#${helper}`, sk: '0' }),
  pairing: (helper: string, pairing: string) => ({ pk: `H#${helper}`, sk: `1#${pairing}` }),
  deliveries: (pairing: string) => `2#${pairing}#`,
  delivery: (helper: string, one: { pairing: string; on: string; id: string }) => ({
    pk: `H#${helper}`,
    sk: `2#${one.pairing}#${one.on}#${one.id}`,
  }),
  event: (helper: string, version: number) => ({
    pk: `H#${helper}`,
    sk: `3#${String(LAST_VERSION - version).padStart(9, '0')}`,
  }),
  subject: (subject: string) => `S#${subject}`,
  bySubject: (subject: string, pairing: string) => ({ pk: `S#${subject}`, sk: pairing }),
  directory: (county: string) => `C#${county}`,
  listed: (county: string, kind: string, helper: string) => ({
    pk: `C#${county}`,
    sk: `${kind}#${helper}`,
  }),
  inCounty: (county: string, pairing: string) => ({ pk: `C#${county}`, sk: `pairing#${pairing}` }),
};
