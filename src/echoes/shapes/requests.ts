import type { AgentAnswer, answerEvent, requestEvent } from '#src/automation/agent-request.ts'
import type { Tone } from '#src/kernel/report.ts'
import { cell, ended, fields } from './cell.ts'
import type { Message, Shape, Sighting } from './shape.ts'
import { isObject, textOf } from './words.ts'

const requested: typeof requestEvent = 'operation_requested'
const answered: typeof answerEvent = 'operation_answered'
const SAID = 120

const outcomes: Readonly<Record<AgentAnswer['status'], readonly [said: string, tone: Tone]>> = {
  done: ['was done', 'good'],
  started: ['was taken: the operation goes on by itself', 'good'],
  refused: ['was refused', 'warning'],
  denied: ['was denied', 'warning'],
  'needs-confirmation': ['waits for a person', 'neutral'],
  failed: ['failed', 'bad'],
  unknown: ['was taken, and nobody knows what came of it', 'warning'],
  again: ['could not be begun: it may be made again', 'warning'],
}
const isOutcome = (status: string | undefined): status is AgentAnswer['status'] => status !== undefined && Object.hasOwn(outcomes, status)

/** Operations that agents ask for, and what came of it: told each, and never taken for how the agent itself is. */
export const requests: Shape = {
  name: 'requests',
  head: ['Who', 'Asks', 'Says'],
  read(message) {
    if (message.event !== requested && message.event !== answered) return undefined
    const agent = textOf(message.agent_id)
    if (agent === undefined) return undefined
    return [message.event === requested ? ask(message, agent) : answer(message, agent)]
  },
}

function ask(message: Message, agent: string): Sighting {
  const wanted = wants(message)
  const why = textOf(message.reason)
  return {
    ...sighting(agent, requested),
    cells: () => [cell(wanted), cell(why)],
    also: {
      tone: 'neutral',
      sentence: () => ended(`${cell(agent)} asks for ${cell(wanted, SAID)}${why === undefined ? '' : `: ${cell(why, SAID)}`}`),
    },
  }
}

function answer(message: Message, agent: string): Sighting {
  const status = textOf(message.status)
  const [said, tone] = isOutcome(status) ? outcomes[status] : (['was answered', 'neutral'] as const)
  const why = textOf(message.sentence)
  return {
    ...sighting(agent, answered),
    cells: () => [cell(status ?? 'answered'), cell(why)],
    also: { tone, sentence: () => ended(`${cell(agent)}’s request ${said}${why === undefined ? '' : `: ${cell(why, SAID)}`}`) },
  }
}

/** One row for all that an agent asks. */
function sighting(agent: string, kind: string) {
  return { about: `${agent}, asking`, kind, state: undefined, tone: 'neutral', turned: () => '' } as const
}

/** `restart of api in staging (replicas: 3)`. */
function wants({ command, arguments: given, environment }: Message): string {
  const { service, ...rest } = isObject(given) ? given : {}
  const others = fields(Object.entries(rest))
  const of = textOf(service)
  const where = textOf(environment)
  return `${textOf(command) ?? 'something'}${of ? ` of ${of}` : ''}${where ? ` in ${where}` : ''}${others ? ` (${others})` : ''}`
}
