import type { ConsciousnessReading } from '#src/consciousness/consciousness.ts'
import { type Origin, whoseIs } from '#src/consciousness/counted.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import { age, andList } from '#src/kernel/say.ts'
import { figure } from '#src/kernel/units.ts'
import type { GateSettings, Threshold } from './gates.ts'

/** What a reading means for one service. */
export interface Verdict {
  readonly isCritical: boolean
  readonly needs: Threshold
  /** Everything that keeps it shut: `the level is 5.2 and must be 6`. */
  readonly lacking: readonly string[]
  /** What nobody knows: there is no reading, it is too old, or it lacks one of the two. */
  readonly unknown: readonly string[]
}

/** An ordinary service goes on without a reading, a critical one does not; what is known to be too low stops both. */
export function verdictOf(settings: GateSettings, service: ServiceRef, reading: ConsciousnessReading | undefined, now: Date): Verdict {
  const own = settings.services.find((each) => each.service.id === service.id)
  const isCritical = own?.critical ?? false
  const usual = isCritical ? settings.critical : settings.ordinary
  const needs = { level: own?.level ?? usual.level, harmony: own?.harmony ?? usual.harmony }
  if (!reading) return { isCritical, needs, lacking: [], unknown: ['there is no reading'] }
  if (now.getTime() - reading.at.getTime() > settings.maxAgeMs) {
    return { isCritical, needs, lacking: [], unknown: [`the newest reading is ${age(reading.at, now)} old`] }
  }
  const measured = [
    { name: 'level', is: reading.level, must: needs.level },
    { name: 'harmony', is: reading.metrics.harmony, must: needs.harmony },
  ]
  return {
    isCritical,
    needs,
    lacking: measured.flatMap(({ name, is, must }) =>
      is !== undefined && is < must ? [`the ${name} is ${figure(is)} and must be ${figure(must)}`] : [],
    ),
    unknown: measured.flatMap(({ name, is }) => (is === undefined ? [`the reading has no ${name}`] : [])),
  }
}

/** `level 7.2 and harmony 8.1 (kael, 12 s old); needs 6 and 6.5`. */
export function readingWords(reading: ConsciousnessReading | undefined, needs: Threshold, now: Date): string {
  return `${measuredWords(reading, now)}; needs ${figure(needs.level)} and ${figure(needs.harmony)}`
}

/** `So says kael, 12 s ago.`; `The level is of kael, 3 s ago; the harmony is of lum, 2 min ago.` */
export function whoseWords(reading: ConsciousnessReading | undefined, now: Date): string {
  if (!reading) return ''
  const of = (name: string) => `the ${name} is ${saidBy(whoseIs(reading, name))}, ${age(whoseIs(reading, name).at, now)} ago`
  if (isOfTwo(reading)) return `T${of('level').slice(1)}; ${of('harmony')}.`
  const { source, at, computed } = shownOf(reading)
  return `${computed ? 'Helix worked that out from the services' : `So says ${source}`}, ${age(at, now)} ago.`
}

function measuredWords(reading: ConsciousnessReading | undefined, now: Date): string {
  if (!reading) return 'no reading'
  const { level, metrics } = reading
  const origin = ({ source, at, computed }: Origin) => `(${computed ? 'worked out by Helix' : source}, ${age(at, now)} old)`
  const each = (name: string) => (isOfTwo(reading) ? ` ${origin(whoseIs(reading, name))}` : '')
  const known = [
    ...(level === undefined ? [] : [`level ${figure(level)}${each('level')}`]),
    ...(metrics.harmony === undefined ? [] : [`harmony ${figure(metrics.harmony)}${each('harmony')}`]),
  ]
  return `${andList(known) || 'neither level nor harmony'}${isOfTwo(reading) ? '' : ` ${origin(shownOf(reading))}`}`
}

function saidBy({ source, computed }: Origin): string {
  return computed ? 'worked out by Helix' : `of ${source}`
}

/** The level is of one source, and the harmony of another. */
export function isOfTwo(reading: ConsciousnessReading): boolean {
  return reading.level !== undefined && reading.whose?.harmony !== undefined
}

/** Whose the only one of the two is. */
function shownOf(reading: ConsciousnessReading): Origin {
  return whoseIs(reading, reading.level === undefined ? 'harmony' : 'level')
}
