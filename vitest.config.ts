/** How the tests are run: every test of `tests/` and of the sandbox, never watching, and never waiting for long. */
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const include = ['tests/**/*.test.ts', 'sandbox/tests/*.test.ts', 'conform/tests/*.test.ts']
const againstHapi = 'tests/hapi/**/*.test.ts'

export default defineConfig({
  test: {
    watch: false,
    pool: 'forks',
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 5_000,
    // A browser, or a service of its own, may be slow on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'lumbar', include, exclude: [againstHapi], sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        // HAPI is one, and slow at first: its tests come last, one file after the other.
        test: {
          name: 'hapi',
          include: [againstHapi],
          globalSetup: 'tests/hapi/start.ts',
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
