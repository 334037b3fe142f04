import type { Binding, EchoFigures, Where } from '#src/echoes/echoes.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import type { Fact } from '#src/kernel/report.ts'
import { age, andList, count } from '#src/kernel/say.ts'

type Shown = Binding & Where & EchoFigures

/** Named in the sentence; beside the table. A channel of Discord takes 10 streams, a server 100. */
const MOST_NAMED = 3
const MOST_FACTS = 20

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
    const out = all.filter(({ outSince }) => outSince !== undefined)
    const now = clock.now()
    const channels = [...Map.groupBy(all, ({ where }) => where)]
    return {
      title: 'Streams',
      tone: stuck.length + out.length > 0 ? 'warning' : 'good',
      sentence: [
        `${count(all.length, 'stream')} ${all.length === 1 ? 'is' : 'are'} shown in channels.`,
        stuck.length > 0 ? `Helix cannot show ${named(stuck.map(({ stream, where }) => `${stream} in ${where}`))}.` : '',
        out.length > 0 ? outage(out, now) : '',
      ]
        .filter(Boolean)
        .join(' '),
      facts: factsOf(all),
      table: {
        head: ['Stream', 'Messages', 'Last'],
        rows: channels.flatMap(([where, here]) => [
          [where, '', ''],
          ...here.map(({ stream, echoed, lastAt }) => [stream, echoed.toLocaleString('en'), lastAt ? age(lastAt, now) : '–']),
        ]),
        dense: true,
      },
    }
  },
})

function outage(out: readonly Shown[], now: Date): string {
  const since = new Date(Math.min(...out.map(({ outSince }) => outSince!.getTime())))
  const streams = [...new Set(out.map(({ stream }) => stream))]
  return `Redis cannot be reached for ${age(since, now)}, so nothing new is read of ${named(streams)}: what comes meanwhile is read when it is back, as far as it is kept.`
}

function named(names: readonly string[]): string {
  return names.length > MOST_NAMED ? `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more` : andList(names)
}

function factsOf(all: readonly Shown[]): readonly Fact[] {
  const facts = all.flatMap((each) => {
    const said = [each.trouble, missing(each)].filter(Boolean).join('\n')
    return said === '' ? [] : [{ label: `${each.stream} in ${each.where}`, value: said }]
  })
  if (facts.length <= MOST_FACTS) return facts
  const more = facts.length - MOST_FACTS
  return [...facts.slice(0, MOST_FACTS), { label: 'And', value: `${count(more, 'stream')} more of which something is missing` }]
}

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
