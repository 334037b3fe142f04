import { z } from 'zod'
import type { Fault } from '#playground/emulator.ts'
import { refusals, type Troubles } from './troubles.ts'

const times = z.int().min(1).max(1_000).default(1)

/** What can be made to go wrong at Google. */
export function speechFaults(troubles: Troubles): Readonly<Record<string, Fault>> {
  return {
    'cut-stream': fault({
      describe: 'Cut the recognition streams that are open, and the next ones at their first audio.',
      schema: z.object({ next: z.int().min(0).max(1_000).default(0).describe('How many that begin later') }),
      inject: async ({ next }) => ({ cut: troubles.cut(next), next }),
    }),
    refuse: fault({
      describe: 'The next calls to Google are refused.',
      schema: z.object({ kind: z.enum(Object.keys(refusals) as [keyof typeof refusals]).default('unavailable'), times }),
      inject: async ({ kind, times: count }) => {
        troubles.refuse(kind, count)
        return { waiting: count }
      },
    }),
    quota: fault({
      describe: "The next calls to Google are over the project's quota.",
      schema: z.object({ times }),
      inject: async ({ times: count }) => {
        troubles.refuse('quota', count)
        return { waiting: count }
      },
    }),
    slow: fault({
      describe: 'Google answers late, until the faults are cleared.',
      schema: z.object({ ms: z.int().min(0).max(600_000).default(5_000) }),
      inject: async ({ ms }) => {
        troubles.slow(ms)
        return { ms }
      },
    }),
    clear: fault({
      describe: 'Let Google Speech be well again.',
      schema: z.object({}),
      inject: async () => {
        troubles.clear()
        return { cleared: true }
      },
    }),
  }
}

/** Ties a fault's schema to what it is given, and forgets the tie. */
function fault<Body>(one: Fault<Body>): Fault {
  return one as Fault
}
