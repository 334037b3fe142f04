import { optional } from '#src/kernel/argument.ts'
import { choice } from '#src/kernel/arguments/choice.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { channels } from '#src/kernel/channels.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Show a stream no more in a channel',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {
    stream: choice('the stream', Object.values(channels)),
    channel: optional(text('the channel, such as #ops; left out: this one', { max: 100 })),
  },
  says: [],
  needs: ['echoes'],
  async run({ stream, channel }, { echoes, call }) {
    const { where } = await echoes.unbind(call, { stream, channel })
    return {
      title: `${stream} in ${where}`,
      tone: 'good',
      sentence: `${stream} is not shown in ${where} any more. What was shown stays.`,
      actions: [{ label: 'All streams', command: 'stream.list', arguments: {} }],
    }
  },
})
