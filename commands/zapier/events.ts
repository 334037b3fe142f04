import { optional } from '#src/kernel/argument.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { becameOf } from '#src/kernel/became.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { age, count } from '#src/kernel/say.ts'

const MOST_SHOWN = 5

export default defineCommand({
  describe: 'What came from Zapier and went to it, and what came of each',
  role: 'operator',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: { most: optional(integer('how many', { min: 1, max: 100 }), 15) },
  says: [
    '[show|list|read] [me] [the] [latest|last|recent|newest] [{most}] zapier events',
    '[show|list|read] [me] [the] [latest|last|recent|newest] [{most}] events (from|of) zapier',
    'what came from zapier',
    'what happened (on|in|at|with) zapier',
  ],
  needs: ['zapier', 'operations', 'clock'],
  async run({ most }, { zapier, operations, clock }) {
    const reports = await zapier.recent(most)
    if (reports.length === 0) return { title: 'Zapier events', tone: 'neutral', sentence: 'Nothing came from Zapier in the last week.' }
    const now = clock.now()
    const bad = reports.filter(({ state }) => state === 'refused' || state === 'dead')
    const told = reports
      .flatMap(({ name, effects }) => effects.map((effect) => ({ ...effect, label: `${name} → ${effect.rule ?? effect.what}` })))
      .filter(({ what, sentence }) => what !== 'tell' && sentence !== null)
      .slice(0, MOST_SHOWN)
      .map(async ({ label, ...effect }) => ({ label, value: (await becameOf(effect, operations.show)) ?? effect.state }))
    return {
      title: 'Zapier events',
      tone: bad.length > 0 ? 'warning' : 'neutral',
      sentence: `The newest ${reports.length === 1 ? 'event' : count(reports.length, 'event')}; ${bad.length === 0 ? 'nothing was refused' : `${bad.length} of them could not be done, or not all of it`}.`,
      facts: await Promise.all(told),
      table: {
        head: ['Event', 'Kind', 'Age', 'State', 'Started'],
        rows: reports.map(({ name, kind, timestamp, state, effects }) => [
          name,
          kind,
          age(new Date(timestamp), now),
          state,
          effects.flatMap(({ what, rule }) => (what === 'tell' ? [] : [rule ?? what])).join(', ') || '–',
        ]),
      },
      actions: reports.some(({ state }) => state === 'dead') ? [{ label: 'Dead letters', command: 'zapier.failed', arguments: {} }] : [],
    }
  },
})
