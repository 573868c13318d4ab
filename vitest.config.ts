import { defineConfig } from 'vitest/config';
import { SoakReport } from './test/support/soak-report.ts';
import { Tally } from './test/support/tally.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/quiet.ts', 'test/support/seed.ts'],
    reporters: process.env.SOAK ? ['verbose', new SoakReport()] : ['default', new Tally()],
    globalSetup: ['test/support/folder.ts', 'test/support/dynamo-local.ts'],
    // A property has a thousand runs in the soak.
    testTimeout: process.env.SOAK ? 600_000 : 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    env: { TZ: 'UTC' },
    coverage: {
      provider: 'v8',
      include: ['functions/core/**'],
      reporter: ['text-summary'],
      thresholds: { branches: 100 },
    },
  },
});
