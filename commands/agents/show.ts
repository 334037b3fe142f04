import { agent } from '#src/kernel/arguments/agent.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { age, ago, count } from '#src/kernel/say.ts'

const NEWEST = 5

export default defineCommand({
  describe: 'One agent: what it can do, when it was last heard, what it works on',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: { agent: agent('the agent') },
  says: [
    '(show|describe) [me] [the] agent {agent}',
    'how is [the] [agent] {agent} [doing]',
    '(what is|what about) [the] (status|state) of [the] agent {agent}',
    'is [the] agent {agent} (alive|up|online|silent|busy|ok|there)',
  ],
  needs: ['agents', 'clock'],
  async run({ agent: { id } }, { agents, clock }) {
    const one = await agents.get(id)
    const tasks = await agents.tasks({ agent: id, most: NEWEST })
    const now = clock.now()
    const heard = one.heardAt ? ago(one.heardAt, now) : undefined
    const state = one.silent
      ? `is silent: it was ${heard === undefined ? 'never heard' : `last heard ${heard}`}`
      : `is ${one.status}${heard === undefined ? '' : `, heard ${heard}`}`
    const { running, pending, dead } = one.open
    return {
      title: one.name === id ? `Agent ${id}` : `Agent ${id} (${one.name})`,
      tone: one.silent ? 'bad' : dead > 0 ? 'warning' : 'good',
      sentence: `${id} ${state}. ${workOf(running, pending)}`,
      facts: [
        { label: 'Role', value: one.role || 'not said' },
        ...(one.description === '' ? [] : [{ label: 'What it is', value: one.description }]),
        { label: 'Can do', value: one.capabilities.join(', ') || 'not said' },
        { label: 'Last heard', value: heard ?? (one.silent ? 'never' : one.saysKnown ? 'not said' : 'not known at the moment') },
        ...(one.saysKnown ? [] : [{ label: 'Says of itself', value: 'cannot be read at the moment' }]),
        ...(one.says === undefined || one.says === one.status ? [] : [{ label: 'Says of itself', value: one.says }]),
        ...(dead === 0 ? [] : [{ label: 'Tasks that died', value: String(dead) }]),
        { label: 'Known since', value: ago(one.created_at, now) },
      ],
      ...(tasks.length > 0 && {
        table: {
          head: ['Task', 'Type', 'State', 'Age'],
          rows: tasks.map(({ id, task_type, status, created_at }) => [String(id), task_type, status, age(created_at, now)]),
        },
      }),
      actions: tasks.length > 0 ? [{ label: 'All its tasks', command: 'agents.tasks', arguments: { agent: id } }] : [],
    }
  },
})

function workOf(running: number, pending: number): string {
  if (running === 0) return pending === 0 ? 'It has nothing to do.' : `${count(pending, 'task waits', 'tasks wait')} for it.`
  const more = pending === 0 ? '' : `, and ${count(pending, 'more waits', 'more wait')}`
  return `It works on ${count(running, 'task')}${more}.`
}
