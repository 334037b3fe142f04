import type { ConsciousnessReading } from '#src/consciousness/consciousness.ts'
import type { Origin } from '#src/consciousness/counted.ts'
import type { Threshold } from '#src/gates/gates.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { defineCommand } from '#src/kernel/command.ts'
import { environmentName } from '#src/kernel/environment-name.ts'
import { age, moment } from '#src/kernel/say.ts'
import { figure } from '#src/kernel/units.ts'

export default defineCommand({
  describe: 'What a deployment needs here, the reading that counts, and who was let through',
  role: 'viewer',
  risk: 'read',
  doors: ['slash', 'button', 'rest', 'mcp', 'automation'],
  answer: 'public',
  arguments: { environment: environment() },
  says: [],
  needs: ['gates', 'consciousness', 'directory', 'clock'],
  async run(_, { gates, consciousness, directory, clock, call }) {
    const [settings, overrides, where] = await Promise.all([
      gates.settings(call.place),
      gates.overrides(call.place),
      environmentName(directory, call.place),
    ])
    const { enabled, ordinary, critical, services, maxAgeMs } = settings
    const title = `Gate of ${where}`
    if (!enabled) return { title, tone: 'warning', sentence: `${where} has no gate: it was switched off, and deployments need no reading.` }
    await consciousness.look(call.place)
    const reading = consciousness.now(call.place, { maxAgeMs })
    const isOld = reading !== undefined && clock.now().getTime() - reading.at.getTime() > maxAgeMs
    const counts = isOld ? undefined : reading
    return {
      title,
      tone: opens(ordinary, counts) ? 'good' : 'warning',
      sentence: `${sayOpen('ordinary', opens(ordinary, counts))}, ${sayOpen('critical', opens(critical, counts, 'critical'))}. ${sayReading(reading, isOld, clock.now())}`,
      facts: [
        { label: 'A reading counts for', value: sayDuration(maxAgeMs) },
        { label: 'Asked of', value: '/deploy; rollbacks, restarts, redeployments and scaling go through at any time' },
        { label: 'May override', value: 'members with the Helix role admin, once, with /gate override' },
        ...overrides.map(({ service, byName, reason, until }) => ({
          label: `Let through: ${service.name}`,
          value: `once, by ${byName}, until ${moment(until)} UTC: ${reason}`,
        })),
      ],
      table: {
        head: ['Service', 'Kind', 'Level', 'Harmony'],
        rows: [
          ['every other', 'ordinary', figure(ordinary.level), figure(ordinary.harmony)],
          ['every other', 'critical', figure(critical.level), figure(critical.harmony)],
          ...services.map(({ service, critical: isCritical, level, harmony }) => {
            const usual = isCritical ? critical : ordinary
            return [service.name, isCritical ? 'critical' : 'ordinary', figure(level ?? usual.level), figure(harmony ?? usual.harmony)]
          }),
        ],
      },
      actions: [{ label: 'Consciousness', command: 'consciousness', arguments: { environment: where } }],
    }
  },
})

/** What is not known stops critical services alone. */
function opens({ level, harmony }: Threshold, reading: ConsciousnessReading | undefined, kind?: 'critical'): boolean {
  const isEnough = (is: number | undefined, must: number) => (is === undefined ? kind !== 'critical' : is >= must)
  return isEnough(reading?.level, level) && isEnough(reading?.metrics.harmony, harmony)
}

function sayOpen(kind: string, isOpen: boolean): string {
  return kind === 'ordinary'
    ? `The gate is ${isOpen ? 'open' : 'shut'} for ordinary services`
    : `${isOpen ? 'open' : 'shut'} for critical ones`
}

function sayReading(reading: ConsciousnessReading | undefined, isOld: boolean, now: Date): string {
  if (!reading) return 'There is no reading: nobody publishes one, and Helix cannot look at its services now.'
  const { level, metrics } = reading
  const level10 = level === undefined ? 'no level' : `a level of ${figure(level)}`
  const harmony = metrics.harmony === undefined ? 'no harmony' : `a harmony of ${figure(metrics.harmony)}`
  const [one, other] = [reading.whose?.level ?? reading, reading.whose?.harmony ?? reading]
  const old = (at: Date) => `${age(at, now)} old${isOld ? ', which is too old' : ''}`
  if (one.source === other.source && one.computed === other.computed) {
    return `The reading of ${one.computed ? 'Helix itself' : one.source} gives ${level10} and ${harmony}; it is ${old(one.at)}.`
  }
  return `${nameOf(one)} gives ${level10}, which is ${old(one.at)}; ${nameOf(other)} gives ${harmony}, which is ${old(other.at)}.`
}

function nameOf({ source, computed }: Origin): string {
  return computed ? 'Helix itself' : source
}
