import type { Place } from '#src/kernel/call.ts'
import type { Report } from '#src/kernel/report.ts'
import { count } from '#src/kernel/say.ts'

export interface TailLine {
  readonly at: Date
  /** Masked already. */
  readonly message: string
}

/** A live tail, as it is kept. */
export interface Tail {
  readonly id: string
  readonly place: Place
  readonly service: string
  /** As people call the deployment. */
  readonly version: string
  /** The environment's name. */
  readonly where: string
  readonly filter: string | undefined
  readonly deployment: string
  readonly by: string
  readonly startedAt: Date
  readonly endsAt: Date
}

/** So many of the newest lines stand in the message, cut to so many characters each: less than 1,000 in all. */
export const shownLines = 12
const lineLength = 70

/** How a tail stands: what was seen lately, oldest first. `over` says why it ended. */
export function tailReport(
  tail: Tail,
  lines: readonly TailLine[],
  seen: number,
  how: { readonly over?: string; readonly trouble?: string } = {},
): Report {
  const matching = tail.filter === undefined ? '' : ` with “${tail.filter}”`
  const what = `log lines${matching} of ${tail.service} (${tail.version}) in ${tail.where}`
  return {
    title: `${how.over === undefined ? 'Live logs' : 'Logs'} of ${tail.service} in ${tail.where}`,
    tone: how.trouble === undefined ? 'neutral' : 'warning',
    sentence:
      how.over === undefined
        ? `${how.trouble ?? `New ${what} appear here`} until ${tail.endsAt.toISOString().slice(11, 19)} UTC, or until somebody stops it.`
        : `${how.over} ${seen === 0 ? 'No line' : count(seen, 'line')} of ${tail.service} (${tail.version})${matching} ${seen > 1 ? 'were' : 'was'} seen.`,
    table: {
      head: ['Time', 'Line'],
      rows: lines.slice(-shownLines).map(({ at, message }) => [at.toISOString().slice(11, 19), cut(message)]),
    },
    actions: how.over === undefined ? [{ label: 'Stop', command: 'tail.stop', arguments: { tail: tail.id } }] : again(tail),
    operation: tail.id,
  }
}

function again({ service, filter, place }: Tail): Report['actions'] & object {
  const where = { service, environment: place.environment }
  return [{ label: 'Follow again', command: 'logs', arguments: { ...where, follow: true, ...(filter !== undefined && { filter }) } }]
}

function cut(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ').trim()
  return line.length > lineLength ? `${line.slice(0, lineLength - 1)}…` : line
}
