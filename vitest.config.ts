import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const scenarios = 'test/scenarios/**/*.test.ts'

export default defineConfig({
  test: {
    // Taken back in reverse.
    globalSetup: ['test/support/temporary-files.ts', 'test/support/global-setup.ts'],
    // The processes that tests start, and the workers, need not compile again what others have: a start takes 0.2 s, not 0.35 s.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('.helix/compiled', import.meta.url)) },
    setupFiles: ['test/support/property-seed.ts'],
    // Nothing takes so long; a machine that is busy with other things may.
    testTimeout: 40_000,
    hookTimeout: 60_000,
    // With real processes on a busy machine a race is found once in many runs: it costs a line at the end (test/support/second-tries.ts), not the run.
    retry: 1,
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, scenarios],
          // One more than the cores of a small machine: half of a run is waiting for time-outs and processes.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      // Each is a whole Helix of a dozen processes: with a third at the same moment, or before anything is compiled, Discord's three seconds are
      // too short on two cores.
      { extends: true, test: { name: 'scenarios', include: [scenarios], maxWorkers: 2, sequence: { groupOrder: 1 } } },
    ],
  },
})
