import { optional } from '#src/kernel/argument.ts'
import { agent } from '#src/kernel/arguments/agent.ts'
import { choice } from '#src/kernel/arguments/choice.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { age, count } from '#src/kernel/say.ts'

const MOST_BUTTONS = 5

export default defineCommand({
  describe: 'The newest tasks of an agent, or of all',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {
    agent: optional(agent('only of this agent')),
    state: optional(choice('only in this state', ['pending', 'running', 'completed', 'dead', 'cancelled'])),
    most: optional(integer('how many', { min: 1, max: 30 }), 15),
  },
  says: [
    '(show|list|read) [me] [all] [the] [{state}] tasks (of|for) [the] [agent] {agent}',
    '(show|list|read) [me] [all] [the] [{state}] (agent|agents) tasks',
    '(show|list|read) [me] [all] [the] [{state}] tasks of [all] [the] agents',
    'what is [the] [agent] {agent} (working on|doing)',
    'what are [the|our] agents (working on|doing)',
  ],
  needs: ['agents', 'clock'],
  async run({ agent: only, state, most }, { agents, clock }) {
    const tasks = await agents.tasks({ agent: only?.id, status: state, most })
    const now = clock.now()
    const whose = only ? `of ${only.id}` : 'of all agents'
    if (tasks.length === 0) return { title: `Tasks ${whose}`, tone: 'neutral', sentence: noTasks(only?.id, state) }
    const kind = state === undefined ? 'task' : `${state} task`
    const newest = tasks.length === 1 ? kind : count(tasks.length, kind)
    const dead = tasks.filter(({ status }) => status === 'dead')
    return {
      title: `Tasks ${whose}`,
      tone: dead.length > 0 ? 'warning' : 'neutral',
      sentence: `The newest ${newest} ${whose}${dead.length > 0 && state !== 'dead' ? `; ${dead.length} of them died` : ''}.`,
      facts: dead.slice(0, MOST_BUTTONS).map(({ id, error }) => ({ label: `Task ${id}`, value: error ?? 'no reason was given' })),
      table: {
        head: ['Task', ...(only ? [] : ['Agent']), 'Type', 'State', 'Age'],
        rows: tasks.map(({ id, agent_id, task_type, status, created_at }) => [
          String(id),
          ...(only ? [] : [agent_id]),
          task_type,
          status,
          age(created_at, now),
        ]),
      },
      actions: tasks
        .filter(({ status }) => ['dead', 'running', 'pending'].includes(status))
        .slice(0, MOST_BUTTONS)
        .map(({ id, status }) => ({
          label: `${status === 'dead' ? 'Retry' : 'Look at'} task ${id}`,
          command: status === 'dead' ? 'agents.task.retry' : 'agents.task.show',
          arguments: { task: id },
        })),
    }
  },
})

function noTasks(agent: string | undefined, state: string | undefined): string {
  if (state === undefined) return agent === undefined ? 'There are no tasks yet.' : `${agent} has no tasks yet.`
  return `No task ${agent === undefined ? '' : `of ${agent} `}${state === 'dead' ? 'died' : `is ${state}`}.`
}
