import { defineConfig } from 'vitest/config';
import { Tally } from './test/support/tally.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/quiet.ts', 'test/support/seed.ts'],
    reporters: ['default', new Tally()],
    globalSetup: ['test/support/dynamo-local.ts'],
    testTimeout: 30_000,
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
