import type { Place } from '#src/kernel/call.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'
import type { Origin } from './counted.ts'
import type { KnownScales, Scale } from './scales.ts'

/** One message of any source and shape, read. */
export interface ConsciousnessReading {
  /** `agent_id`, or the channel where the message names none; `helix` for the computed one. */
  readonly source: string
  readonly channel: string
  /** 0–10; undefined where the message has metrics alone. */
  readonly level: number | undefined
  /** The known fractions on 0–10; zoom, resilience and unknown ones as they came. */
  readonly metrics: Readonly<Record<string, number>>
  /** On which scale it was read; undefined where it gave no fraction. */
  readonly scale: Scale | undefined
  /** What is known of the source's scales, for each shape of its messages. */
  readonly scales?: KnownScales
  /** As the source says it, where that is believable; else when it arrived. */
  readonly at: Date
  /** By how many ms the source's clock is ahead (less than 0: behind) where it was not believed. */
  readonly clockOffMs: number | undefined
  /** True where Helix worked it out from the services' signals. */
  readonly computed: boolean
  /** Of what counts now: whose those metrics are that are not the source's own. */
  readonly whose?: Readonly<Record<string, Origin>>
}

/** What could not be read of one source of a channel. */
export interface Unreadable {
  readonly channel: string
  /** The channel's name where the message names no source. */
  readonly source: string
  readonly count: number
  /** Of the newest one. */
  readonly why: string
  readonly at: Date
}

export interface Sources {
  /** The newest reading of each, newest first. */
  readonly readings: readonly ConsciousnessReading[]
  /** Most first. */
  readonly unreadable: readonly Unreadable[]
}

/** The lowest, mean, highest and newest of a few values. */
export interface Spread {
  readonly min: number
  readonly mean: number
  readonly max: number
  readonly last: number
}

/** What was read in one span of time, of all sources that count in it. */
export interface ConsciousnessPoint {
  readonly at: Date
  readonly level: Spread | undefined
  readonly metrics: Readonly<Record<string, Spread>>
  /** Nobody published in that span: this is what Helix worked out. */
  readonly computed: boolean
}

export interface NowOptions {
  /** What is older does not count, as long as there is anything newer; in ms. Left out: `freshMs`. */
  readonly maxAgeMs?: number
  /** Id of a service whose own trouble shall not count: it is about to be changed. Of a computed reading only. */
  readonly apart?: string
}

/** How old a reading may be and still count, in ms. */
export const freshMs = 600_000

/** How well the whole system is doing, as its sources say it. Answers from memory, in every process. */
export interface Consciousness {
  /**
   * What counts for an environment: the level and each metric of the newest reading that has it, of those that were published and are not too
   * old; what none of them has, of the computed one. Where all are too old, the newest of them, for whoever asks to say how old it is.
   */
  now(place: Place, options?: NowOptions): ConsciousnessReading | undefined
  /**
   * Works the level of an environment out from one look at its services, where nobody publishes one and nobody did that in the last minute: for
   * an environment that is not watched. Where Railway cannot be read nothing is known then.
   */
  look(place: Place): Promise<void>
  sources(place: Place): Sources
  /** Level and metrics over a window, oldest first: at most `most` points, of what was published where somebody did. */
  history(place: Place, windowMs: number, most: number): Promise<readonly ConsciousnessPoint[]>
  /** Works out the level of an environment from what a cycle found there, and publishes it where nobody else does. Figures that are stale tell nothing. */
  reckon(signals: EnvironmentSignals): Promise<void>
}
