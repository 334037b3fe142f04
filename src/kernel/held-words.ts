import { age, andList } from './say.ts'

/** How something is held to be, and what one newer reading says where that is another. */
interface Held {
  readonly condition: string
  readonly reason: string
  readonly since?: Date
  readonly reads?: { readonly condition: string; readonly reason: string }
}

/** What needs nobody: `deploying` passes by itself, but is worth a look. */
export const wellConditions: readonly string[] = ['healthy', 'sleeping', 'stopped']

/** `down for 4 min`, `healthy`. */
export function heldFor({ condition, since }: Held, now: Date): string {
  return since && !wellConditions.includes(condition) ? `${condition} for ${age(since, now)}` : condition
}

/** Why, and what the newest reading says instead: one reading alone is no change yet, nor an end of what was bad. */
export function heldWhy({ condition, reason, reads }: Held): string {
  if (!reads) return reason
  const isWell = wellConditions.includes(reads.condition)
  if (isWell && !wellConditions.includes(condition))
    return `${reason} Right now it reads ${reads.condition}, which counts once it has held for a while.`
  return `${reason} Right now it reads ${reads.condition}, and is looked at again: ${reads.reason}`
}

/** `The newest reading says otherwise of api and web.` Of those that are held to be well; empty where there are none. */
export function saysOtherwise(each: readonly (Held & { readonly service: { readonly name: string } })[]): string {
  const names = each.filter(({ condition, reads }) => reads && wellConditions.includes(condition)).map(({ service }) => service.name)
  if (names.length === 0) return ''
  const which = names.length > 3 ? `${names.length} services` : andList(names)
  return `The newest reading says otherwise of ${which}: that is looked at again before it counts.`
}
