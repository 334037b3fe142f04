import type { Resolvers } from '../api.ts'

/** Railway itself. */
export const platform = {
  Query: {
    platformStatus: () => ({ isStable: true, incident: null, maintenance: null }),
  },
} satisfies Resolvers
