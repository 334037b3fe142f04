import type { Fact } from '#src/kernel/report.ts'
import { andList, count } from '#src/kernel/say.ts'
import type { Bounds } from './bounds.ts'
import type { Figure } from './figures.ts'

/** `Scale api from 2 to 4 replicas`. */
export function scaleWords(service: string, from: number, to: number): string {
  return `Scale ${service} from ${from} to ${count(to, 'replica')}`
}

/** The figure that counts: `CPU is at 95 % (target 70 %), which takes 3`. */
export function leadWords(figures: readonly Figure[]): string {
  const lead = leading(figures)
  if (!lead) return 'no figure is known'
  const others = figures.filter((each) => each !== lead && each.takes === undefined)
  const unknown = others.length > 0 ? `; ${andList(others.map(({ name, value }) => `${name} is ${value}`))}` : ''
  return `${figureWords(lead)}, which takes ${Math.max(0, lead.takes!)}${unknown}`
}

function figureWords({ name, value, target }: Figure): string {
  return `${name} ${value === 'no requests' ? 'has' : 'is at'} ${value} (target ${target})`
}

/** Which takes most; of two that take the same the one that is nearer to its target, or further beyond. */
function leading(figures: readonly Figure[]): Figure | undefined {
  return figures
    .filter(({ takes }) => takes !== undefined)
    .toSorted((one, other) => other.takes! - one.takes! || (other.ratio ?? 0) - (one.ratio ?? 0))[0]
}

/** Why it stays as it is. */
export function contentWords(
  set: number,
  figures: readonly Figure[],
  { takes, bounds }: { readonly takes: number; readonly bounds: Bounds },
): string {
  const lead = leadWords(figures)
  const least = takes < set && set === bounds.min
  if (least) return `${count(set, 'replica')}, the least there may be: ${lead}.`
  return `${count(set, 'replica')} ${set === 1 ? 'is' : 'are'} right: ${lead}.`
}

export function figureFacts(figures: readonly Figure[]): readonly Fact[] {
  return figures.map(({ name, value, target, takes }) => ({
    label: name,
    value: `${value} (target ${target}${takes === undefined ? '' : `, takes ${takes}`})`,
  }))
}
