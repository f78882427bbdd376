/** How the tests are run: every test of `tests/` and of the sandbox, never watching, and never waiting for long. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { projectsIn } from './tests/lanes.ts'

export default defineConfig(({ mode }) => ({
  test: {
    watch: false,
    pool: 'forks',
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 5_000,
    // A browser, or a service of its own, may be slow on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    // As Node runs the service: modules that Vite makes are slower to run, and nothing here needs them.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    env: {
      SWEEP: mode === 'whole' ? 'whole' : 'sample',
      // Workers, and the processes that tests start, compile the same modules.
      NODE_COMPILE_CACHE: join(import.meta.dirname, '.cache/modules'),
    },
    projects: projectsIn(mode),
  },
}))
