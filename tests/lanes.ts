/**
 * In which lane the tests of a folder run. Files of a lane share a worker, its modules and its content, as long as they
 * leave both as they found them; what changes the process, such as nock its sockets, watches its memory or leaves something
 * running has a process of its own.
 */
import type { TestProjectConfiguration } from 'vitest/config'

export const lanes = {
  browser: ['tests/browser'],
  // What runs on Java, which waits for itself: .ci/run has it beside everything else.
  hapi: ['tests/hapi', 'tests/spark'],
  service: [
    'tests',
    'tests/cli',
    'tests/corpus',
    'tests/language',
    'tests/ledger',
    'tests/metamorphic',
    'tests/mutants',
    'tests/operations',
    'tests/outcomes',
    'tests/payers',
    'tests/smart',
    'sandbox/tests',
    'conform/tests',
  ],
  alone: ['tests/fhir', 'tests/fuzz', 'tests/growth'],
} as const

const filesOf = (lane: keyof typeof lanes) => lanes[lane].map((folder) => `${folder}/*.test.ts`)
/** Every folder below `tests` that no lane names: one that is new runs too. */
const pure = {
  include: ['tests/*/*.test.ts'],
  exclude: Object.values(lanes)
    .flat()
    .map((folder) => `${folder}/*.test.ts`),
}

/** Starts a master and two workers of Spark, twelve minutes of Java: `npm run test:whole` alone. */
const onlyInWhole = ['tests/spark/cluster.test.ts']

export const projectsIn = (mode: string): TestProjectConfiguration[] => [
  // One Chromium for a worker.
  { extends: true, test: { name: 'browser', include: filesOf('browser'), isolate: false } },
  { extends: true, test: { ...pure, name: 'pure', isolate: false } },
  { extends: true, test: { name: 'service', include: filesOf('service'), isolate: false } },
  { extends: true, test: { name: 'alone', include: filesOf('alone') } },
  {
    extends: true,
    // HAPI is one, and slow at first: its tests come last, one file after the other.
    test: {
      name: 'hapi',
      include: filesOf('hapi'),
      exclude: mode === 'whole' ? [] : onlyInWhole,
      globalSetup: 'tests/hapi/start.ts',
      fileParallelism: false,
      testTimeout: 180_000,
      hookTimeout: 300_000,
      sequence: { groupOrder: 1 },
    },
  },
]
