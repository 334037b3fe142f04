import type { Scale, Scales } from '#src/consciousness/scales.ts'

/** The scale that the agent of a reading is taken to use; null where the reading has no fraction. */
export function scaleOf(scales: Scales, { agent_id: agent, ucf_metrics: metrics }: Readonly<Record<string, unknown>>): Scale | null {
  return scales.of(typeof agent === 'string' ? agent : '', metrics) ?? null
}
