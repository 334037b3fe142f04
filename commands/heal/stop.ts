import { optional } from '#src/kernel/argument.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

const everything = '[all] [the] [automatic] (healing|self healing|auto healing|healing and scaling|scaling and healing|policies|automation)'

export default defineCommand({
  describe: 'Stop everything that Helix does by itself on this server: healing and scaling',
  role: 'operator',
  risk: 'change',
  doors: [...peopleInDiscord, 'voice', 'rest', 'mcp'],
  answer: 'public',
  arguments: { reason: optional(text('why: it is shown wherever healing and scaling are', { max: 200 }), 'no reason was given') },
  says: [
    `(stop|halt|pause|suspend|disable) ${everything}`,
    `(turn|switch) off ${everything}`,
    `(turn|switch) ${everything} off`,
    'stop (healing|fixing|changing|doing) (anything|things|everything) by yourself',
  ],
  needs: ['policyStops'],
  async run({ reason }, { policyStops, call }) {
    const stop = await policyStops.stop(call, reason)
    return {
      title: 'Healing and scaling are stopped',
      tone: 'warning',
      sentence: `Nothing heals and nothing scales by itself on this server from now on (“${stop.reason}”). What is under way goes on to its end. An admin resumes with /heal resume.`,
      actions: [{ label: 'Resume', command: 'heal.resume', arguments: {} }],
    }
  },
})
