import type { Binding, EchoFigures, Where } from '#src/echoes/echoes.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { age, andList, count } from '#src/kernel/say.ts'

type Shown = Binding & Where & EchoFigures

export default defineCommand({
  describe: 'Which streams are shown where, how much came, what was lost, what cannot be shown',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {},
  says: ['[show|list|name|read] [me] [all] [of] [the|our] streams', '(which|what) streams are (bound|shown|echoed)'],
  needs: ['echoes', 'clock'],
  async run(_, { echoes, clock, call }) {
    const all = await echoes.list(call.place)
    if (all.length === 0) {
      return { title: 'Streams', tone: 'neutral', sentence: 'No stream is shown in a channel yet. /stream bind does that.' }
    }
    const stuck = all.filter(({ trouble }) => trouble !== undefined)
    const now = clock.now()
    return {
      title: 'Streams',
      tone: stuck.length > 0 ? 'warning' : 'good',
      sentence: [
        `${count(all.length, 'stream')} ${all.length === 1 ? 'is' : 'are'} shown in channels.`,
        stuck.length > 0 ? `Helix cannot show ${andList(stuck.map(({ stream, where }) => `${stream} in ${where}`))}.` : '',
      ]
        .filter(Boolean)
        .join(' '),
      facts: all.flatMap((each) => {
        const said = [each.trouble, missing(each)].filter(Boolean).join('\n')
        return said === '' ? [] : [{ label: `${each.stream} in ${each.where}`, value: said }]
      }),
      table: {
        head: ['Stream', 'Where', 'Messages', 'Last'],
        rows: all.map(({ stream, where, echoed, lastAt }) => [stream, where, echoed.toLocaleString('en'), lastAt ? age(lastAt, now) : '–']),
      },
    }
  },
})

/** What did not arrive is never passed over in silence. */
function missing({ lost, gaps, unreadable }: Shown): string {
  return [
    lost > 0 ? `${lost.toLocaleString('en')} lost before they could be read` : '',
    gaps > 0 ? `${count(gaps, 'gap')} of unknown size` : '',
    unreadable > 0 ? `${unreadable.toLocaleString('en')} could not be read` : '',
  ]
    .filter(Boolean)
    .join(', ')
}
