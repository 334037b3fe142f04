import { actorName } from '#src/kernel/call.ts'
import { defineCommand } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Send Helix out of the voice channel',
  role: 'viewer',
  risk: 'read',
  doors: ['slash', 'button', 'voice'],
  answer: 'public',
  arguments: {},
  says: ['leave [the] [voice] (channel|call)'],
  needs: ['voice'],
  async run(_, { voice, call }) {
    const channel = await voice.leave(call)
    return {
      title: 'Voice',
      tone: 'neutral',
      sentence: `${actorName(call.actor)} sent Helix out of ${channel}. What waited for a confirmation is cancelled.`,
      actions: [{ label: 'Bring it back', command: 'voice.join', arguments: {} }],
    }
  },
})
