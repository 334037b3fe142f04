import type { ConsciousnessReading } from './consciousness.ts'
import { fractions } from './ucf.ts'

/**
 * What Helix worked out, in the shape that existing clients read: fractions on 0–1, as most sources give them. `computed` tells it from what
 * an agent says of itself.
 */
export function computedMessage(
  { source, level, metrics, at }: ConsciousnessReading,
  environment: string,
): Readonly<Record<string, unknown>> {
  const isFraction = new Set<string>(fractions)
  const ucf = Object.entries(metrics).map(([name, value]) => [name, isFraction.has(name) ? Math.round(value * 100) / 1_000 : value])
  return {
    agent_id: source,
    consciousness_level: level,
    ucf_metrics: Object.fromEntries(ucf),
    timestamp: at.toISOString(),
    computed: true,
    environment,
  }
}
