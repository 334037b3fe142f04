import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { UserError } from '#src/kernel/errors.ts'

export default defineCommand({
  describe: 'Push to talk: what you say next is for Helix, without its name',
  role: 'viewer',
  risk: 'read',
  doors: peopleInDiscord,
  answer: 'ephemeral',
  arguments: {},
  says: [],
  needs: ['voice'],
  async run(_, { voice, call: { place, actor } }) {
    if (actor.kind !== 'member') throw new UserError('Only members of the server can be heard.')
    voice.attend(place.guild, actor.id)
    return { title: 'Voice', tone: 'good', sentence: 'Speak now: the next sentence that you begin within 15 s is for Helix.' }
  },
})
