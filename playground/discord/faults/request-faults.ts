import { z } from 'zod'
import type { Troubles } from '../rest/troubles.ts'
import type { Faults } from './fault.ts'
import { fault } from './fault.ts'

const callback = '/interactions/*/*/callback'
const route = z.string().describe('A path below /api/v10; * stands for one part, ** for any number')
const times = z.int().min(1).default(1).describe('For how many requests')
const method = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional()

/** What goes wrong with the bot's requests. */
export function requestFaults(troubles: Troubles): Faults {
  return {
    delay: fault(
      'Answer slowly: before acting (an acknowledgement that comes too late), or after',
      z.object({
        route: route.default(callback),
        method,
        ms: z.int().min(1).max(60_000).default(3500),
        times,
        when: z.enum(['before', 'after']).default('before'),
      }),
      ({ route: path, method: verb, times: count, ms, when }) =>
        troubles.add({ route: path, method: verb, times: count, does: { kind: 'delay', ms, when } }),
    ),
    refuse: fault(
      'Refuse the next requests with 429 or 5xx',
      z.object({
        route: route.default('**'),
        method,
        status: z.int().min(400).max(599).default(503),
        times,
        retryAfter: z.number().min(0.1).max(600).default(1),
      }),
      ({ route: path, method: verb, times: count, status, retryAfter }) =>
        troubles.add({ route: path, method: verb, times: count, does: { kind: 'refuse', status, retryAfter } }),
    ),
    'commit-then-timeout': fault(
      'Do what is asked, but never answer',
      z.object({ route: route.default('/channels/*/messages'), method, times, ending: z.enum(['hang', 'cut']).default('hang') }),
      ({ route: path, method: verb, times: count, ending }) =>
        troubles.add({ route: path, method: verb, times: count, does: { kind: 'lose', ending } }),
    ),
  }
}
