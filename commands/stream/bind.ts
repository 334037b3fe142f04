import { optional } from '#src/kernel/argument.ts'
import { choice } from '#src/kernel/arguments/choice.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { channels } from '#src/kernel/channels.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

const modes = ['scoreboard', 'changes', 'digest'] as const
const shows = {
  scoreboard: 'One message there is kept up to date.',
  changes: 'One message there is kept up to date, and what is notable is told by messages of its own.',
  digest: 'One message there is kept up to date, what is notable is told by messages of its own, and a digest comes every 10 minutes.',
} as const

export default defineCommand({
  describe: 'Show a stream of messages live in a channel',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {
    stream: choice('the stream', Object.values(channels)),
    channel: optional(text('the text channel, such as #ops; left out: this one', { max: 100 })),
    mode: optional(choice('how much is shown; left out: changes', modes), 'changes'),
  },
  says: [],
  needs: ['echoes'],
  async run({ stream, channel, mode }, { echoes, call }) {
    const bound = await echoes.bind(call, { stream, channel, mode })
    return {
      title: `${stream} in ${bound.where}`,
      tone: 'good',
      sentence: `${stream} is shown in ${bound.where} from now on. ${shows[mode]}`,
      actions: [
        { label: 'Stop showing it', command: 'stream.unbind', arguments: { stream, channel: bound.channel } },
        { label: 'All streams', command: 'stream.list', arguments: {} },
      ],
    }
  },
})
