/** Where a publisher stands when it says something. */
export interface Moment {
  /** 0–10. */
  readonly level: number
  readonly at: Date
  /** Counts its messages from 0. */
  readonly number: number
}

export const agents = ['kael', 'lumina', 'vega'] as const
export const services = ['websocket-streaming', 'agent-orchestrator', 'voice-processor', 'zapier-integration'] as const

/** One of the list, in turn. */
export function inTurn<One>(list: readonly One[], number: number): One {
  return list[number % list.length]!
}

/** The six metrics as most sources give them: 0–1, klesha lower where it is well; zoom and resilience around 1. */
export function ucf({ level, number }: Moment) {
  const well = level / 10
  const wave = Math.sin(number / 7) * 0.02
  return {
    harmony: share(well + wave),
    resilience: round(0.6 + well * 0.8 + wave),
    prana: share(0.3 + well * 0.5 - wave),
    drishti: share(0.3 + well * 0.6 + wave),
    zoom: round(0.7 + well * 0.5 - wave),
    klesha: share((1 - well) * 0.6 - wave),
  }
}

/** As the manager has them: 0–10. */
export function ucfOfTen(moment: Moment) {
  const { harmony, prana, klesha } = ucf(moment)
  return { harmony: round(harmony * 10), resilience: round(moment.level), prana: round(prana * 10), klesha: round(klesha * 10) }
}

/** As the coordinator has them. */
export function virtues({ level, number }: Moment) {
  const names = ['coherence', 'resonance', 'clarity', 'compassion', 'wisdom', 'sattva']
  return Object.fromEntries(names.map((name, index) => [name, share(level / 10 + Math.sin((number + index) / 5) * 0.03)]))
}

export function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

function share(value: number): number {
  return round(Math.min(1, Math.max(0, value)))
}
