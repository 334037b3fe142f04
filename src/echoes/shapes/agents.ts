import { cell, ended } from './cell.ts'
import type { Message, Shape, Sighting } from './shape.ts'
import { firstText, textOf, toneOf } from './words.ts'

/** Agents that come, go, fall silent and are heard; their tasks; what they are told to do. */
export const agents: Shape = {
  name: 'agents',
  head: ['Agent or task', 'State', 'Whose'],
  read(message) {
    const event = textOf(message.event) ?? textOf(message.type)
    if (event === undefined) return undefined
    const task = textOf(message.task_id)
    const agent = textOf(message.agent_id)
    if (task !== undefined) return [ofTask(message, event, task, agent)]
    return agent !== undefined && event.startsWith('agent_') ? [ofAgent(event, agent)] : undefined
  },
}

function ofAgent(event: string, agent: string): Sighting {
  const state = event.slice('agent_'.length)
  return {
    ...{ about: agent, kind: event, state },
    tone: toneOf(state),
    cells: () => [cell(state), 'agent'],
    turned: () => `Agent ${cell(agent)} ${sayings[state] ?? `is ${cell(state)}`}.`,
  }
}

const sayings: Readonly<Record<string, string>> = {
  silent: 'went away: it is not heard any more',
  heard: 'is heard again',
  deleted: 'was deleted',
  created: 'has registered',
  updated: 'has changed what it says of itself',
}

function ofTask(message: Message, event: string, task: string, agent: string | undefined): Sighting {
  const state = textOf(message.status) ?? event.replace(/^task_/, '')
  const type = firstText(message, 'task_type', 'command')
  return {
    ...{ about: `task ${task}`, kind: event, state },
    tone: toneOf(state),
    cells: () => [cell(state), cell([agent, type].filter(Boolean).join(' · '))],
    turned() {
      const why = textOf(message.error)
      const of = agent === undefined ? '' : ` of ${cell(agent)}`
      return ended(
        `Task ${cell(task)}${type === undefined ? '' : ` (${cell(type)})`}${of} is ${cell(state)}${why === undefined ? '' : `: ${cell(why, 120)}`}`,
      )
    },
  }
}
