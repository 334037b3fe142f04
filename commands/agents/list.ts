import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { age, andList, count } from '#src/kernel/say.ts'

const MOST_NAMED = 5
const UNKNOWN = 'What agents say of themselves cannot be read at the moment: the orchestrator does not reach its Redis.'

export default defineCommand({
  describe: 'The agents: how each is, when it was last heard, what it has to do',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {},
  says: [
    '[show|list|name|read|get] [me] [all] [of] [the|our] agents',
    '(which|what) agents (are there|do we have|are online|are alive|are up|exist)',
    'how are [the|our|all] agents [doing]',
    'who are [the|our] agents',
  ],
  needs: ['agents', 'clock'],
  async run(_, { agents, clock }) {
    const all = await agents.list()
    if (all.length === 0) {
      return { title: 'Agents', tone: 'neutral', sentence: 'No agent has registered with the orchestrator yet.' }
    }
    const now = clock.now()
    const silent = all.filter((each) => each.silent)
    const dead = all.filter(({ open }) => open.dead > 0)
    const names = silent.slice(0, MOST_NAMED).map(({ agent_id }) => agent_id)
    const others = silent.length > MOST_NAMED ? ` and ${silent.length - MOST_NAMED} more` : ''
    const known = all.every(({ saysKnown }) => saysKnown)
    const heard = all.length === 1 ? 'it is heard' : 'all of them are heard'
    const noneSilent = known ? heard : 'none is known to be silent'
    const how =
      silent.length === 0
        ? noneSilent
        : `${all.length === 1 ? 'it is' : `${silent.length} of them ${silent.length === 1 ? 'is' : 'are'}`} silent`
    return {
      title: 'Agents',
      tone: known && silent.length + dead.length === 0 ? 'good' : 'warning',
      sentence: `There ${all.length === 1 ? 'is' : 'are'} ${count(all.length, 'agent')}; ${how}${silent.length > 0 ? `: ${andList(names)}${others}` : ''}.${known ? '' : ` ${UNKNOWN}`}`,
      facts: dead.slice(0, 5).map(({ agent_id, open }) => ({ label: agent_id, value: `${count(open.dead, 'task')} died` })),
      table: {
        head: ['Agent', 'State', 'Heard', 'Tasks'],
        rows: [...silent, ...all.filter((each) => !each.silent)].map(({ agent_id, status, silent, heardAt, open }) => [
          agent_id,
          silent ? 'silent' : status,
          heardAt ? age(heardAt, now) : silent ? 'never' : '–',
          tasksOf(open),
        ]),
      },
      actions: dead.length > 0 ? [{ label: 'Tasks that died', command: 'agents.tasks', arguments: { state: 'dead' } }] : [],
    }
  },
})

function tasksOf({ running, pending }: { readonly running: number; readonly pending: number }): string {
  const parts = [...(running > 0 ? [`${running} running`] : []), ...(pending > 0 ? [`${pending} waiting`] : [])]
  return parts.join(', ') || '–'
}
