import { parseDuration } from '#src/kernel/arguments/duration.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { QuietHours } from './incident.ts'

/** A call as somebody wrote it: names or ids, as Discord puts them into an option. */
export interface WrittenCall {
  readonly channel: string | undefined
  readonly roles: readonly string[]
}

const mostRoles = 5
const mostSteps = 5
const hours = /^([01]?\d|2[0-3])(?::([0-5]\d))?\s*(?:-|–|to)\s*([01]?\d|2[0-3])(?::([0-5]\d))?$/

/** `22:00-07:00` in a time zone such as `Europe/Berlin`. Throws UserError. */
export function readQuietHours(typed: string, zone: string): QuietHours {
  const match = hours.exec(typed.trim())
  if (!match) throw new UserError(`“${typed}” are no hours such as 22:00-07:00, so nothing was changed.`)
  const minutes = (hour: string | undefined, minute: string | undefined) => Number(hour) * 60 + Number(minute ?? 0)
  const quiet = { from: minutes(match[1], match[2]), to: minutes(match[3], match[4]), zone: readZone(zone) }
  if (quiet.from === quiet.to)
    throw new UserError('Quiet hours that last all day would keep everybody from being called, so nothing was changed.')
  return quiet
}

/** `@oncall @leads`: names or mentions of at most five roles. Throws UserError. */
export function readRoles(typed: string): readonly string[] {
  const { channel, roles } = readCall(words(typed))
  if (channel !== undefined)
    throw new UserError('Only roles can be mentioned, so nothing was changed. The channel is an option of its own.')
  return roles
}

/** `15m @oncall, 30m #leads @leads`: who is called after how long. Throws UserError. */
export function readChain(typed: string): readonly (WrittenCall & { readonly afterMinutes: number })[] {
  const steps = typed
    .split(/[,;]/)
    .map(words)
    .filter((step) => step.length > 0)
  if (steps.length === 0 || steps.length > mostSteps) throw new UserError(`An escalation has 1 to ${mostSteps} steps. Nothing was changed.`)
  return steps.map(([after = '', ...called]) => {
    const ms = parseDuration(after)
    if (ms === undefined || ms < 60_000 || ms > 86_400_000) {
      throw new UserError(`Each step begins with a time from 1m to 24h, such as 15m @oncall, and “${after}” is none. Nothing was changed.`)
    }
    const call = readCall(called)
    if (call.roles.length === 0 && call.channel === undefined) {
      throw new UserError(`The step “${after}” names neither a role nor a channel, so nothing was changed.`)
    }
    return { afterMinutes: Math.round(ms / 60_000), ...call }
  })
}

function readCall(called: readonly string[]): WrittenCall {
  const channels = called.filter((word) => /^(<#|#)/.test(word))
  const roles = called.filter((word) => !channels.includes(word))
  const member = roles.find((word) => /^<@!?\d/.test(word))
  if (member !== undefined) throw new UserError('Only roles can be called, not single members. Nothing was changed.')
  if (channels.length > 1) throw new UserError('One channel for each step, so nothing was changed.')
  if (roles.length > mostRoles) throw new UserError(`At most ${mostRoles} roles are called at once, so nothing was changed.`)
  return { channel: channels[0], roles: [...new Set(roles)] }
}

function words(typed: string): readonly string[] {
  return typed.trim().split(/\s+/).filter(Boolean)
}

function readZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    throw new UserError(`“${zone}” is no time zone such as Europe/Berlin or UTC, so nothing was changed.`)
  }
}
