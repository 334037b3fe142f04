import { sayDuration } from './arguments/duration.ts'

/** `1 replica`, `3 replicas`, `no replicas`. */
export function count(many: number, one: string, more = `${one}s`): string {
  if (many === 0) return `no ${more}`
  return `${many.toLocaleString('en')} ${many === 1 ? one : more}`
}

/** `a`, `a and b`, `a, b and c`. */
export function andList(names: readonly string[]): string {
  return list(names, 'and')
}

/** `a`, `a or b`, `a, b or c`. */
export function orList(names: readonly string[]): string {
  return list(names, 'or')
}

/** `api is down`, `api is down, and 2 more`. */
export function andMore(first: string, more: number): string {
  return more > 0 ? `${first}, and ${more} more` : first
}

/** How long ago: `just now`, `12 s ago`, `3 h 5 min ago`. */
export function ago(then: Date, now: Date): string {
  const ms = now.getTime() - then.getTime()
  return ms < 1_000 ? 'just now' : `${sayDuration(Math.round(ms / 1_000) * 1_000)} ago`
}

/** How old, in the largest unit alone: `12 s`, `5 min`, `26 h`, `3 d`. */
export function age(then: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - then.getTime()) / 1_000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`
}

/** The short form of a commit, an image, or the beginning of an id: what people call a deployment. */
export function version(deployment: {
  readonly commit?: string | undefined
  readonly image?: string | undefined
  readonly id: string
}): string {
  return deployment.commit?.slice(0, 7) ?? deployment.image ?? deployment.id.slice(0, 8)
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A moment, to the minute, in UTC: `21 Nov 06:12`. */
export function moment(at: Date): string {
  return `${at.getUTCDate()} ${monthNames[at.getUTCMonth()]} ${at.toISOString().slice(11, 16)}`
}

/** One deployment and no other, where several may be of the same version: `3f2a91c of 21 Nov 06:12 UTC (deployment 8b1d0ee4)`. */
export function exactly(deployment: Parameters<typeof version>[0] & { readonly createdAt: Date }): string {
  return `${version(deployment)} of ${moment(deployment.createdAt)} UTC (deployment ${deployment.id.slice(0, 8)})`
}

/** `api is healthy`; of one whose state nobody knows: `api is in an unknown state`. */
export function sayCondition(name: string, condition: string): string {
  return condition === 'unknown' ? `${name} is in an unknown state` : `${name} is ${condition}`
}

/** Railway's name of a state, in lower case: `success`, `needs approval`. */
export function stateWords(status: string): string {
  return status.replaceAll('_', ' ').toLowerCase()
}

/** The first line of a text, shortened. */
export function firstLine(text: string | undefined, most = 60): string {
  const line = text?.split('\n')[0]?.trim() ?? ''
  return line.length > most ? `${[...line].slice(0, most - 1).join('')}…` : line
}

function list(names: readonly string[], word: string): string {
  if (names.length < 2) return names[0] ?? ''
  return `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`
}
