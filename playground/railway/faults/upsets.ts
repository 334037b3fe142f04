/** What can go wrong with an answer, and whether the request has been carried out by then. */
export const upsetKinds = [
  'rate-limit',
  'server-error',
  'html',
  'refuse',
  'graphql-error',
  'timeout',
  'cut',
  'commit-then-timeout',
  'commit-then-cut',
  'commit-then-graphql-error',
] as const
export type UpsetKind = (typeof upsetKinds)[number]

export interface Upset {
  /** A root field (`serviceInstanceDeployV2`) or the document's operation name; `*` for any. */
  readonly operation: string
  readonly kind: UpsetKind
  readonly retryAfterSeconds: number
}

/** Faults that wait for their request, and the freeze. */
export interface Upsets {
  add(upset: Upset, times: number): void
  /** The first that waits for one of these names, used up by that. */
  take(names: readonly string[]): Upset | undefined
  /** Names that requests had so far; of the newest, so many as fit. */
  asked(): readonly string[]
  freeze(): void
  /** Resolves at once, or when the freeze is over. */
  thaw(): Promise<void>
  /** Called by who leaves a request without an answer: how to drop it once the faults are cleared. */
  hold(drop: () => void): void
  clear(): void
}

const mostAsked = 500

export function createUpsets(): Upsets {
  const waiting: Upset[] = []
  const asked = new Set<string>()
  const held: (() => void)[] = []
  let frozen: PromiseWithResolvers<void> | undefined

  function remember(name: string): void {
    asked.delete(name)
    asked.add(name)
    for (const oldest of asked) {
      if (asked.size <= mostAsked) return
      asked.delete(oldest)
    }
  }

  return {
    add(upset, times) {
      for (let count = 0; count < times; count++) waiting.push(upset)
    },
    asked: () => [...asked],
    take(names) {
      for (const name of names) remember(name)
      const at = waiting.findIndex(({ operation }) => operation === '*' || names.includes(operation))
      return at < 0 ? undefined : waiting.splice(at, 1)[0]
    },
    freeze() {
      frozen ??= Promise.withResolvers()
    },
    thaw: () => frozen?.promise ?? Promise.resolve(),
    hold: (drop) => held.push(drop),
    clear() {
      waiting.length = 0
      frozen?.resolve()
      frozen = undefined
      for (const drop of held.splice(0)) drop()
    },
  }
}
