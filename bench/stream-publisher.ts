import { once } from 'node:events'
import { connect } from 'node:net'

/**
 * A process that publishes readings on one stream, so many a second, as Helix' services do: appended with its number, and published with its
 * id; or, `foreign`, only published. It writes Redis' protocol itself, so that it costs little beside what is measured. Sends `{published}` at the end.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
const [url = '', channel = '', rate = '0', seconds = '0', maxLength = '10000', offset = '0', kind = 'own'] = process.argv.slice(2)
const { hostname, port, password } = new URL(url)
const TICK_MS = 5
const AGENTS = 20
/** A publisher that was held up catches up by so many at a time. */
const MOST_AT_ONCE = 300

const socket = connect(Number(port), hostname)
await once(socket, 'connect')
socket.resume()
socket.write(command('AUTH', password))

const begun = performance.now()
let published = 0
const ticks = setInterval(() => {
  const due = Math.min(((performance.now() - begun) * Number(rate)) / 1_000, Number(rate) * Number(seconds))
  const until = Math.min(Math.floor(due), published + MOST_AT_ONCE)
  const now = Date.now()
  let text = ''
  while (published < until) text += message(Number(offset) + ++published, now)
  if (text !== '') socket.write(text)
  if (published < Number(rate) * Number(seconds)) return
  clearInterval(ticks)
  socket.end(() => process.send?.({ published }, () => process.disconnect()))
}, TICK_MS)

function message(number: number, now: number): string {
  // Ids of our own, as their like could not be known before Redis answers: ascending, like those that it gives.
  const id = `${now}-${number}`
  const metrics = { harmony: 7.2, resilience: 8.1, prana: 6.8, drishti: 7, klesha: 3.2, zoom: 1.02 }
  const reading = {
    agent_id: `agent-${number % AGENTS}`,
    consciousness_level: 7.5,
    ucf_metrics: metrics,
    timestamp: new Date(now).toISOString(),
  }
  const json = JSON.stringify(reading)
  if (kind === 'foreign') return command('PUBLISH', channel, json)
  return (
    command('XADD', `helix:stream:${channel}`, 'MAXLEN', '~', maxLength, id, 'json', json, 'n', `${number}`) +
    command('PUBLISH', channel, `${json.slice(0, -1)},"stream_id":"${id}"}`)
  )
}

function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}
