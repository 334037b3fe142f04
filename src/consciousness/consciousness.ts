import type { Place } from '#src/kernel/call.ts'

/** The metrics that are known, each on 0–10 whatever scale its source uses (zoom and resilience keep their own, around 1). */
export const ucfMetrics = ['harmony', 'resilience', 'prana', 'drishti', 'zoom', 'klesha'] as const

/** One message of any source and shape, read. */
export interface ConsciousnessReading {
  /** `agent_id`, or the channel where the message names none; `helix` for the computed one. */
  readonly source: string
  readonly channel: string
  /** 0–10; undefined where the message has metrics alone. */
  readonly level: number | undefined
  /** Known ones on 0–10 and unknown ones as they came. */
  readonly metrics: Readonly<Record<string, number>>
  /** Which scale the source was taken to use. */
  readonly scale: '0-1' | '0-10' | undefined
  /** As the source says it, where that is believable; else when it arrived. */
  readonly at: Date
  /** True where Helix worked it out from the services' signals. */
  readonly computed: boolean
}

export interface Consciousness {
  /** The newest reading that counts for an environment: what was published, where it is not too old, else the computed one. */
  now(place: Place): ConsciousnessReading | undefined
  /** The newest of each source, with how many messages of each channel could not be read. */
  sources(place: Place): {
    readonly readings: readonly ConsciousnessReading[]
    readonly unreadable: Readonly<Record<string, number>>
  }
  /** Level and metrics over a window, for a picture: down-sampled to at most `most` points. */
  history(
    place: Place,
    windowMs: number,
    most: number,
  ): Promise<readonly { readonly at: Date; readonly level: number | undefined; readonly metrics: Readonly<Record<string, number>> }[]>
}
