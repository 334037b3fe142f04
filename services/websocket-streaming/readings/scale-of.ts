import type { Measured, Scale, Scales } from '#src/consciousness/scales.ts'

type Message = Readonly<Record<string, unknown>>

/** The scale of a reading, as its agent is taken to use it; null where the reading has no fraction. */
export function scaleOf(scales: Scales, message: Message): Scale | null {
  const found = scales.look(agentOf(message), measured(message))
  return found === 'mixed' ? '0-1' : (found ?? null)
}

/** To be told of each reading once: they show which scale an agent uses. */
export function hearScale(scales: Scales, message: Message): void {
  scales.of(agentOf(message), measured(message))
}

function agentOf({ agent_id: agent }: Message): string {
  return typeof agent === 'string' ? agent : ''
}

function measured({ ucf_metrics: metrics, consciousness_level: level }: Message): Measured {
  return { shape: 'ucf_metrics', metrics, level: typeof level === 'number' ? level : undefined, at: 0 }
}
