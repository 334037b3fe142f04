import type { ConsciousnessReading } from './consciousness.ts'

/** Who said something, and when. */
export type Origin = Pick<ConsciousnessReading, 'source' | 'at' | 'computed'>

/**
 * What counts of several readings, of which those that come first count first: the level of the first that has one, and each metric of the first
 * that has it. Who speaks of one thing alone takes nothing away from what others say of another.
 */
export function counted(readings: readonly ConsciousnessReading[]): ConsciousnessReading | undefined {
  const main = readings.find(({ level }) => level !== undefined) ?? readings[0]
  if (!main) return undefined
  const metrics: Record<string, number> = {}
  const whose: Record<string, Origin> = {}
  for (const reading of readings) {
    for (const [name, value] of Object.entries(reading.metrics)) {
      if (Object.hasOwn(metrics, name)) continue
      metrics[name] = value
      if (reading !== main) whose[name] = originOf(reading)
    }
  }
  return { ...main, metrics, ...(Object.keys(whose).length > 0 && { whose }) }
}

/** Whose the level or a metric is. */
export function whoseIs(reading: ConsciousnessReading, name: string): Origin {
  return reading.whose?.[name] ?? originOf(reading)
}

function originOf({ source, at, computed }: ConsciousnessReading): Origin {
  return { source, at, computed }
}
