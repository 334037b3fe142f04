import type { Automation } from '#src/automation/automation.ts'
import type { CallAnswer, CallRequest } from '#src/automation/call-wire.ts'
import type { PastCalls } from '#src/automation/past-calls.ts'
import { environmentArgument } from '#src/automation/rule-faults.ts'
import { isAutomatable } from '#src/kernel/automatable.ts'
import type { Actor, Call, Place } from '#src/kernel/call.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Places } from '#src/places/places.ts'
import type { Ask, underWay } from './ask.ts'

export interface AutomationDoorParts {
  readonly book: CommandBook
  readonly places: Pick<Places, 'of' | 'guilds'>
  readonly automation: Pick<Automation, 'channelOf'>
  readonly past: PastCalls
  readonly ask: Ask
}

/**
 * Calls of services, on the same path as everybody's. Throws UpstreamError where a provider kept it from being begun: the same key may be
 * used again.
 */
export type AutomationDoor = (service: string, request: CallRequest) => Promise<CallAnswer | typeof underWay>

export function createAutomationDoor({ book, places, automation, past, ask }: AutomationDoorParts): AutomationDoor {
  return async (service, request) => {
    const key = `automation:${service}:${request.key}`
    const before = await past.answerTo(key)
    if (before) return before
    let call: Call
    try {
      call = callOf(service, key, request)
    } catch (error) {
      if (error instanceof UserError) return { status: 'refused', sentence: error.message }
      throw error
    }
    const channel = request.rule && (await automation.channelOf({ service, rule: request.rule.id }, call.place.guild))
    return ask(channel === undefined ? call : { ...call, channel })
  }

  /** Throws UserError where there is nothing that could be called. */
  function callOf(service: string, key: string, { command: name, arguments: given, environment, guild, reason, rule }: CallRequest): Call {
    const command = book.get(name)
    const shown = `/${name.replaceAll('.', ' ')}`
    if (!command) throw new UserError(`There is no command ${shown}, so nothing was done.`)
    if (!isAutomatable(command)) throw new UserError(`${shown} is for people only: automation may not call it. Nothing was done.`)
    const about = environmentArgument(command)
    if (about !== undefined && about in given)
      throw new UserError(`The environment is named beside the arguments, not in “${about}”. Nothing was done.`)
    if (about === undefined && environment !== undefined) throw new UserError(`${shown} is not about an environment, so nothing was done.`)
    const actor: Actor = { kind: 'token', id: service, name: service }
    const raw = about === undefined || environment === undefined ? given : { ...given, [about]: environment }
    return { key, command: name, raw, actor, door: 'automation', place: placeOf(guild), cause: { reason, ...(rule && { rule }) } }
  }

  function placeOf(guild: string | undefined): Place {
    const served = places.guilds()
    const only = guild ?? (served.length === 1 ? served[0] : undefined)
    const place = only === undefined ? undefined : places.of(only)
    if (place) return place
    if (guild !== undefined) throw new UserError('This Helix does not serve that server, so nothing was done.')
    throw new UserError(
      served.length === 0
        ? 'Helix serves no server yet, so nothing was done.'
        : 'Helix serves several servers: name the one that is meant (guild). Nothing was done.',
    )
  }
}
