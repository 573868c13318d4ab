import fc from 'fast-check';

/** The same commit says the same twice: properties run on one seed, and in the soak longer, on a new one (a failure prints its seed). */
fc.configureGlobal(process.env.SOAK ? { numRuns: 1000 } : { seed: 350122 });
