import fc from 'fast-check';

/** The same commit says the same twice: properties run on one seed, and in the soak longer, on a new one (a failure prints its seed). */
fc.configureGlobal(process.env.SOAK ? { numRuns: 1000 } : { seed: 350122 });

/** Runs of a property that is dear: so many in every run, a thousand (or as told) in the soak. */
export function runs(usual: number, soaked = 1000): { readonly numRuns: number } {
  return { numRuns: process.env.SOAK ? soaked : usual };
}
