import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { ago, andList, count } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'Where Helix is, whom it hears, and whether it hears you',
  role: 'viewer',
  risk: 'read',
  doors: peopleInDiscord,
  answer: 'ephemeral',
  arguments: {},
  says: [],
  needs: ['voice', 'clock'],
  async run(_, { voice, clock, call: { place, actor } }) {
    const status = voice.status(place.guild)
    const since = await voice.consent(place.guild, actor.kind === 'member' ? actor.id : '')
    const you = since === undefined ? 'You have not agreed to be heard.' : 'You have agreed to be heard.'
    const facts = [{ label: 'Your consent', value: since === undefined ? 'not given' : `given ${ago(since, clock.now())}` }]
    if (!status) {
      const actions = [{ label: 'Bring it here', command: 'voice.join', arguments: {} }]
      return { title: 'Voice', tone: 'neutral', sentence: `Helix is in no voice channel. ${you}`, facts, actions }
    }
    const { voiceChannel, textChannel, members, listeningTo, waiting } = status
    return {
      title: 'Voice',
      tone: 'neutral',
      sentence: `Helix is in ${voiceChannel} and hears ${listeningTo.length} of ${count(members, 'member')} there. ${you}`,
      facts: [
        { label: 'Since', value: ago(status.since, clock.now()) },
        { label: 'Heard', value: andList(listeningTo) || 'nobody' },
        { label: 'Shown in', value: textChannel },
        { label: 'Waiting for a yes', value: count(waiting, 'change') },
        ...facts,
      ],
      actions: [
        since === undefined
          ? { label: 'Helix may hear me', command: 'voice.consent', arguments: { choice: 'in' } }
          : { label: 'Not any more', command: 'voice.consent', arguments: { choice: 'out' } },
        { label: 'Leave', command: 'voice.leave', arguments: {} },
      ],
    }
  },
})
