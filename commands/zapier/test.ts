import { becameOf } from '#src/kernel/became.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'

const STATES = {
  done: 'All that it started is done.',
  waiting: 'Not all of it is done yet; /zapier events shows how it goes on.',
  refused: 'Something that it started was refused.',
  dead: 'Something that it started was given up.',
} as const

export default defineCommand({
  describe: 'Send a signed event through the webhook and show what comes of it',
  role: 'operator',
  risk: 'change',
  doors: everywhere,
  answer: 'public',
  arguments: {},
  says: ['test zapier', 'test [the] [zapier] webhook', 'send [a] test (event|webhook) [(to|through) zapier]'],
  needs: ['zapier', 'operations'],
  async run(_, { zapier, operations }) {
    const { event_id, name, state, effects } = await zapier.test()
    const came = effects.map(async (effect) => ({
      label: effect.rule ?? (effect.what === 'tell' ? 'Told on Redis' : effect.what),
      value: (await becameOf(effect, operations.show)) ?? effect.state,
    }))
    return {
      title: 'Zapier test',
      tone: state === 'done' ? 'good' : 'warning',
      sentence: `The webhook took a signed test event. ${STATES[state]}`,
      facts: [{ label: 'Event', value: `${name}, ${event_id}` }, ...(await Promise.all(came))],
    }
  },
})
