import type { Clock } from '#src/kernel/clock.ts'
import { EndedEarly, inWords, type Run } from './run.ts'

/** How long to wait before a process is started again: doubled each time, and short again once it ran for a while. */
export interface Patience {
  readonly firstMs: number
  readonly mostMs: number
  readonly ranWellMs: number
}

export const defaultPatience: Patience = { firstMs: 200, mostMs: 10_000, ranWellMs: 30_000 }

export interface KeeperOptions<R extends Run> {
  /** As people call it: "The bot". */
  readonly name: string
  run(): Promise<R>
  readonly say: (sentence: string) => void
  readonly clock: Clock
  readonly patience?: Patience
  /** Called whenever another life began or ended. */
  readonly onChange?: () => void
}

/** Keeps one process running: what ends unasked is said and started again, until it is stopped. */
export interface Keeper<R extends Run = Run> {
  readonly name: string
  current(): R | undefined
  /** Resolves when it can be used. Throws where its first life already fails by itself: that is for a person to repair. */
  start(): Promise<void>
  stop(): Promise<void>
  kill(): void
}

export function createKeeper<R extends Run>(options: KeeperOptions<R>): Keeper<R> {
  const { name, say, clock, patience = defaultPatience, onChange = () => {} } = options
  let current: R | undefined
  let beginning: Promise<R> | undefined
  let halt = new AbortController()

  async function live({ signal } = halt): Promise<R> {
    beginning = options.run()
    const run = await beginning
    current = run
    onChange()
    void run.ended.then(() => {
      if (current === run) current = undefined
      onChange()
    })
    await run.ready
    signal.throwIfAborted()
    return run
  }

  async function watch(first: R, signal: AbortSignal): Promise<void> {
    let run: R | undefined = first
    let delay = patience.firstMs
    for (let since = clock.now().getTime(); !signal.aborted; ) {
      const how = run ? inWords(await run.ended) : undefined
      if (signal.aborted) return
      if (clock.now().getTime() - since > patience.ranWellMs) delay = patience.firstMs
      if (how) say(`${name} ended unasked (${how}). It is started again in ${delay / 1000} s.`)
      await clock.sleep(delay, signal)
      if (signal.aborted) return
      delay = Math.min(delay * 2, patience.mostMs)
      since = clock.now().getTime()
      run = await live().catch((error: Error) => {
        if (!signal.aborted) say(`${name} could not be started: ${error.message}. Another try follows in ${delay / 1000} s.`)
        return undefined
      })
      if (run && !signal.aborted) say(`${name} runs again.`)
    }
  }

  async function start(): Promise<void> {
    if (current) return
    halt = new AbortController()
    const { signal } = halt
    const first = await liveAtLast(signal)
    void watch(first, signal)
  }

  /** A first life that somebody killed says nothing about the next. */
  async function liveAtLast(signal: AbortSignal): Promise<R> {
    for (;;) {
      try {
        return await live()
      } catch (error) {
        if (signal.aborted || !(error instanceof EndedEarly) || !error.ending.signal) throw error
        say(`${name} was killed while it started (${error.ending.signal}). It is started again.`)
        await clock.sleep(patience.firstMs, signal)
      }
    }
  }

  return {
    name,
    current: () => current,
    start,
    async stop() {
      halt.abort()
      const run = await beginning?.catch(() => undefined) // Its failure is told to who started it.
      await run?.stop()
    },
    kill() {
      halt.abort()
      current?.kill()
    },
  }
}
