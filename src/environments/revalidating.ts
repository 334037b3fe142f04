import type { Clock } from '#src/kernel/clock.ts'

/** Answers that are given from memory at once, and asked anew in the background when they have aged. */
export interface Revalidating<Value> {
  get(key: string, load: () => Promise<Value>, freshness?: 'fresh'): Promise<Value>
}

interface Entry<Value> {
  value?: { readonly at: number; readonly held: Value }
  loading?: Promise<Value>
}

/** `onFailure` hears what went wrong in the background; whoever waits is thrown it. */
export function createRevalidating<Value>(deps: {
  readonly clock: Clock
  readonly staleAfterMs: number
  readonly capacity: number
  readonly onFailure: (error: unknown) => void
}): Revalidating<Value> {
  const { clock, staleAfterMs, capacity, onFailure } = deps
  const entries = new Map<string, Entry<Value>>()

  const load = (key: string, entry: Entry<Value>, ask: () => Promise<Value>): Promise<Value> => {
    const at = clock.now().getTime()
    const loading = ask()
      .then((held) => {
        entry.value = { at, held }
        return held
      })
      .finally(() => {
        if (entry.loading === loading) delete entry.loading
        if (!entry.value) entries.delete(key)
      })
    entry.loading = loading
    return loading
  }

  return {
    get: async (key, ask, freshness) => {
      const entry = entries.get(key) ?? {}
      // Reinserted, so that the first key is the one unused for longest.
      entries.delete(key)
      entries.set(key, entry)
      const oldest = entries.keys().next()
      if (entries.size > capacity && !oldest.done) entries.delete(oldest.value)
      if (freshness === 'fresh') return load(key, entry, ask)
      if (!entry.value) return entry.loading ?? load(key, entry, ask)
      if (!entry.loading && clock.now().getTime() - entry.value.at > staleAfterMs) load(key, entry, ask).catch(onFailure)
      return entry.value.held
    },
  }
}
