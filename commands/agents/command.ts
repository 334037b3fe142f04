import { optional } from '#src/kernel/argument.ts'
import { agent } from '#src/kernel/arguments/agent.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { values } from '#src/kernel/arguments/values.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { ago } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'Give an agent a command, and show what becomes of it',
  role: 'operator',
  risk: 'change',
  doors: everywhere,
  answer: 'public',
  arguments: {
    agent: agent('the agent'),
    command: text('what it is to do, in the agent’s own words'),
    arguments: values('name=value name="two words", or a JSON object'),
    wait: optional(integer('how many seconds to wait for the result; left out: 10', { min: 0, max: 20 }), 10),
  },
  says: ['(tell|ask|order|instruct) [the] [agent] {agent} to {command}'],
  needs: ['agents', 'clock'],
  async run({ agent: { id }, command, arguments: given, wait }, { agents, clock, call }) {
    const { task, over } = await agents.command({ agent: id, command, arguments: given, waitSeconds: wait, key: `helix:${call.key}` })
    const report = agents.report(task)
    if (over) return report
    const { heardAt, silent } = await agents.get(id)
    const heard = heardAt ? `was last heard ${ago(heardAt, clock.now())}` : 'was never heard'
    const why = silent ? ` The agent ${heard}, so this may take long.` : ''
    return { ...report, tone: silent ? 'warning' : report.tone, sentence: `${report.sentence}${why}` }
  },
})
