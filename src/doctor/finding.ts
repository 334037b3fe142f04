import type { Place } from '#src/kernel/call.ts'

/** Worst first; what is unknown is neither well nor ill, and never guessed. */
export const findingStates = ['problem', 'warning', 'unknown', 'ok'] as const
export type FindingState = (typeof findingStates)[number]

/** One thing that was looked at. */
export interface Finding {
  readonly area: string
  readonly name: string
  readonly state: FindingState
  /** What it means, in plain sentences without secrets. */
  readonly means: string
  /** What to do about it; undefined where there is nothing to do. */
  readonly todo: string | undefined
}

/** A part of the examination. Throws UpstreamError where something that it needs cannot be asked. */
export interface Area {
  readonly name: string
  examine(place: Place): Promise<readonly Finding[]>
}

/** Findings of one area, without its name in each. */
export function findingsOf(area: string) {
  const as = (state: FindingState) => (name: string, means: string, todo?: string) => ({ area, name, state, means, todo }) satisfies Finding
  return { ok: as('ok'), warning: as('warning'), problem: as('problem'), unknown: as('unknown') }
}
