import type { Grammar } from './grammar.ts'
import type { Verdict } from './judge.ts'
import type { Context, Wish } from './understanding.ts'

/** How long `it` means what was last spoken of, and how long a question of Helix waits for its answer, in ms. */
export const remembered = { mentionMs: 120_000, questionMs: 20_000 } as const

/** What is left of it by now. */
export function still(context: Context | undefined, now: Date): Context | undefined {
  if (!context) return undefined
  const age = now.getTime() - context.at.getTime()
  if (age > remembered.mentionMs || age < 0) return undefined
  return age > remembered.questionMs ? { ...context, asked: false } : context
}

/** What the next sentence may refer to. */
export function contextAfter(
  { wish, missing, isChange, why }: Verdict,
  before: Context | undefined,
  now: Date,
  grammar: Grammar,
): Context | undefined {
  if (wish) return { ...mentioned(wish, before, grammar), last: wish, asked: isChange, at: now }
  // What was refused is over; what is something else ends a question, but may still be corrected by name.
  if (!missing) return why === 'negated' ? contextAnswered(before) : before && { ...before, asked: false }
  const { command, args, argument } = missing
  return { ...mentioned(missing, before, grammar), last: { command, args, argument }, asked: true, at: now }
}

/** A question was answered: it is over, and what was spoken of stays. */
export function contextAnswered(context: Context | undefined): Context | undefined {
  if (!context) return undefined
  const { last: _, ...rest } = context
  return { ...rest, asked: false }
}

function mentioned({ command, args }: Wish, before: Context | undefined, { commands }: Grammar) {
  const given = commands.get(command)?.arguments ?? {}
  const said = (kind: 'service' | 'environment') => {
    const name = Object.keys(given).find((each) => given[each]!.said === kind)
    const value = name === undefined ? undefined : args[name]
    return typeof value === 'string' ? value : undefined
  }
  const [service, environment] = [said('service'), said('environment')]
  return {
    service: service ?? before?.service,
    serviceIn: service === undefined ? before?.serviceIn : environment,
    environment: environment ?? before?.environment,
  } satisfies Partial<Context>
}
