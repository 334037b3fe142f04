import { useEffect, useState } from 'preact/hooks'
import type { Api } from '#playground/page/session/api.ts'
import type { FaultInfo, PlaygroundState } from '#playground/page/session/playground-state.ts'
import { readPlaygroundState } from '#playground/page/session/read-playground-state.ts'

export interface Playground {
  readonly state: PlaygroundState | undefined
  readonly faults: readonly FaultInfo[]
  /** The last look failed: what is shown is as it was. */
  readonly away: boolean
}

/** Milliseconds between two looks at what runs. */
const interval = 1_500

/** What the playground says of itself, looked at again and again while the page is in view. */
export function usePlayground(api: Api): Playground {
  const [playground, setPlayground] = useState<Playground>({ state: undefined, faults: [], away: false })
  useEffect(() => {
    let ended = false
    let timer = 0
    async function look(): Promise<void> {
      try {
        const [state, faults] = await Promise.all([api.state(), api.faults()])
        if (!ended) setPlayground({ state: readPlaygroundState(state), faults: faults as FaultInfo[], away: false })
      } catch {
        // Shown as the bar at the top until a look succeeds.
        if (!ended) setPlayground((before) => ({ ...before, away: true }))
      }
      if (!ended && !document.hidden) timer = window.setTimeout(look, interval)
    }
    const onVisible = () => {
      window.clearTimeout(timer)
      if (!document.hidden) void look()
    }
    document.addEventListener('visibilitychange', onVisible)
    void look()
    return () => {
      ended = true
      window.clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [api])
  return playground
}
