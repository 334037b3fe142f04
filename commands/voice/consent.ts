import { optional } from '#src/kernel/argument.ts'
import { choice } from '#src/kernel/arguments/choice.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Report } from '#src/kernel/report.ts'
import { count, moment } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'Let Helix hear you in voice channels, take that back, or see how it is',
  role: 'viewer',
  risk: 'read',
  doors: peopleInDiscord,
  answer: 'ephemeral',
  arguments: {
    choice: optional(choice('in: it may hear you; out: no more, and what was kept is forgotten', ['in', 'out', 'show']), 'show'),
  },
  says: [],
  needs: ['voice'],
  async run({ choice: chosen }, { voice, call: { place, actor } }) {
    if (actor.kind !== 'member') throw new UserError('Only members of the server can be heard.')
    const { guild } = place
    if (chosen === 'in') {
      const isHeard = await voice.optIn(guild, actor.id)
      return shown(
        'good',
        isHeard ? 'Helix hears you from now on.' : 'Helix may hear you: it will when you are in its voice channel.',
        'out',
      )
    }
    if (chosen === 'out') {
      const forgotten = await voice.optOut(guild, actor.id)
      return shown('neutral', `Helix does not hear you any more, and forgot ${count(forgotten, 'transcript')} of yours.`, 'in')
    }
    const since = await voice.consent(guild, actor.id)
    return since === undefined
      ? shown('neutral', 'You have not agreed to be heard, so Helix does not hear you.', 'in')
      : shown('neutral', `You agreed to be heard on ${moment(since)} UTC.`, 'out')
  },
})

function shown(tone: Report['tone'], sentence: string, next: 'in' | 'out'): Report {
  const label = next === 'in' ? 'Helix may hear me' : 'Not any more'
  return { title: 'Your consent', tone, sentence, actions: [{ label, command: 'voice.consent', arguments: { choice: next } }] }
}
