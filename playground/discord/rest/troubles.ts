import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Clock } from '#src/kernel/clock.ts'
import { Refused } from '../refusals.ts'

/** What goes wrong with the bot's requests: rules that tests and the page set, each for so many requests. */
export interface Troubles {
  /** Refuses as a rule says, before anything is read. */
  refuse(method: string, path: string): void
  /** Waits before the request is acted on. */
  before(method: string, path: string): Promise<void>
  /** Waits before it is answered, or leaves it without an answer. */
  after(method: string, path: string, response: ServerResponse): Promise<'unanswered' | undefined>
  add(rule: Rule): void
  clear(): void
}

export interface Rule {
  readonly method: string | undefined
  /** A path below `/api/v10`; `*` stands for one part, `**` for any number. */
  readonly route: string
  times: number
  readonly does:
    | { readonly kind: 'refuse'; readonly status: number; readonly retryAfter: number }
    | { readonly kind: 'delay'; readonly ms: number; readonly when: 'before' | 'after' }
    | { readonly kind: 'lose'; readonly ending: 'hang' | 'cut' }
}

export function createTroubles(wire: Clock): Troubles {
  const rules = new Set<Rule>()
  let cleared = new AbortController()

  const take = (method: string, path: string, fits: (does: Rule['does']) => boolean) => {
    for (const rule of rules) {
      if (!fits(rule.does) || (rule.method && rule.method !== method) || !patternOf(rule.route).test(path)) continue
      if (--rule.times <= 0) rules.delete(rule)
      return rule.does
    }
    return undefined
  }
  const wait = async (method: string, path: string, when: 'before' | 'after') => {
    const does = take(method, path, (each) => each.kind === 'delay' && each.when === when)
    if (does?.kind === 'delay') await wire.sleep(does.ms, cleared.signal)
  }

  return {
    refuse: (method, path) => {
      if (rules.size === 0) return
      const does = take(method, path, ({ kind }) => kind === 'refuse')
      if (does?.kind !== 'refuse') return
      const headers = does.status === 429 ? { 'x-ratelimit-scope': 'shared' } : {}
      throw new Refused('injected', { status: does.status, retryAfter: does.retryAfter, headers })
    },
    before: async (method, path) => {
      if (rules.size > 0) await wait(method, path, 'before')
    },
    after: async (method, path, response) => {
      if (rules.size === 0) return undefined
      await wait(method, path, 'after')
      const does = take(method, path, ({ kind }) => kind === 'lose')
      if (does?.kind !== 'lose') return undefined
      if (does.ending === 'cut') response.destroy()
      // Nobody hears again of a request that hangs; its client gives up, or the faults are cleared.
      else void Promise.race([once(response, 'close'), wire.sleep(600_000, cleared.signal)]).then(() => response.destroy())
      return 'unanswered'
    },
    add: (rule) => {
      rules.add(rule)
    },
    clear: () => {
      rules.clear()
      cleared.abort()
      cleared = new AbortController()
    },
  }
}

function patternOf(route: string): RegExp {
  const parts = route
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]+' : part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')))
  return new RegExp(`^${parts.join('')}$`)
}
