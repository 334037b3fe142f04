import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { UserError } from '#src/kernel/errors.ts'
import { askPlayground, type PlaygroundState, playgroundState, playgroundUrl } from './running-playground.ts'
import { openVoiceVisit, type VoiceVisit } from './voice-visit.ts'

/**
 * `npm run say -- [--as operator] [--channel NAME] [--unknown] [--wav FILE | "<words>"]`: speaks in a voice channel of the running playground, in real time,
 * and prints what was heard, understood and done. Helix is asked to come where it is not there. The emulated recogniser knows the words; with
 * `--unknown`, as with a file, it has to recognise them. Exit code 0: Helix reacted; 1: it did not; 2: nothing could be said.
 */
const root = new URL('../', import.meta.url)
const { env, stdout, stderr } = process
const say = (line: string) => void stdout.write(`${line}\n`)
const comeMs = 20_000
const reactMs = 15_000
const settleMs = 1_500
const quietMs = 5_000
const longestMs = 60_000

const usage = 'npm run say -- [--as operator] [--channel NAME] [--unknown] [--wav FILE | "<words>"]'

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      as: { type: 'string', default: 'admin' },
      channel: { type: 'string' },
      wav: { type: 'string' },
      unknown: { type: 'boolean', default: false },
    },
  })
  const words = positionals.join(' ').trim()
  if ((words === '') === (values.wav === undefined)) throw new UserError(`Give words, or a file: ${usage}`)
  const sound = values.wav === undefined ? { words, unknown: values.unknown } : { audio: fileOf(values.wav) }
  process.exitCode = (await speak(values.as, values.channel, sound, values.wav ?? `"${words}"`)) ? 0 : 1
} catch (error) {
  const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (!isUsage && !(error instanceof UserError)) throw error
  stderr.write(`${error.message}\n${isUsage ? `${usage}\n` : ''}`)
  process.exitCode = 2
}

function fileOf(path: string): string {
  if (!existsSync(path)) throw new UserError(`There is no file ${path}.`)
  return readFileSync(path).toString('base64')
}

/** True where Helix reacted. */
async function speak(as: string, wanted: string | undefined, sound: object, shown: string): Promise<boolean> {
  const url = playgroundUrl(root, env)
  const playground = await playgroundState(url)
  const account = playground.accounts.find(({ token, role }) => token === as || token === `playground-${as}` || role === as)
  if (!account) throw new UserError(`There is no account ${as}. There are: ${playground.accounts.map(({ token }) => token).join(', ')}.`)
  const visit = await openVoiceVisit({ url, account: account.token, playground, onLine: (line) => say(`Helix: ${line}`) })
  const stop = new AbortController()
  try {
    const channel = await come(url, playground, account, wanted, visit)
    const aloud = follow(url, playground.application.id, stop.signal)
    const began = Date.now()
    const { durationMs } = (await askPlayground(url, '/playground/voice/speak', { account: account.token, channel, ...sound })) as {
      durationMs: number
    }
    const place = playground.channels.find(({ id }) => id === channel)?.name
    say(`Said in ${place} as ${account.token}: ${shown} (${(durationMs / 1_000).toFixed(1)} s).`)
    return await reaction(url, began, visit, aloud)
  } finally {
    stop.abort()
    visit.close()
  }
}

/** Both in one voice channel, Helix with this member's consent: who speaks by this tool agrees to be heard. Answers the channel. */
async function come(
  url: string,
  { application, voice }: PlaygroundState,
  { token }: PlaygroundState['accounts'][number],
  wanted: string | undefined,
  visit: VoiceVisit,
): Promise<string> {
  const there = voice.states.find(({ user_id }) => user_id === application.id)?.channel_id
  const asked = { account: token, ...(wanted ? { channel: wanted } : {}) }
  const { channel } = (await askPlayground(url, '/playground/voice/join', asked)) as { channel: string }
  if (there === channel) {
    visit.listen(false)
    await visit.run('voice consent', { choice: { text: 'in', picked: 'in' } })
    await visit.until(() => Date.now() - visit.lastWord > settleMs, comeMs, 'Helix does not stop writing.')
    visit.listen(true)
    return channel
  }
  say(`Helix is not in this voice channel: /voice join, as ${token}.`)
  if (!(await visit.run('voice join'))) throw new UserError('Helix has no command /voice join that this account may run.')
  const isThere = async () => {
    const now = await playgroundState(url)
    return now.voice.calls.some((call) => call.channel === channel && call.bots.some(({ connected }) => connected))
  }
  await visit.until(isThere, comeMs, 'Helix did not come to the voice channel: what it said about that stands above.')
  // What it says about coming is no reaction to what is said to it.
  await visit.until(() => Date.now() - visit.lastWord > settleMs, comeMs, 'Helix does not stop writing.')
  return channel
}

interface VoiceEvent {
  readonly type: string
  readonly user?: string
  readonly on?: boolean
  readonly words?: string | null
  readonly durationMs?: number
}

/** What Helix says aloud, printed once it was said. Answers when it last did, in milliseconds since 1970; while it speaks, now. */
function follow(url: string, bot: string, signal: AbortSignal): () => number {
  let last = 0
  let speaks = false
  const read = async () => {
    const response = await fetch(`${url}/playground/voice/events`, { signal })
    const text = new TextDecoder()
    let rest = ''
    for await (const bytes of response.body!) {
      const lines = (rest + text.decode(bytes, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines.filter((each) => each.startsWith('data: '))) {
        const event = JSON.parse(line.slice('data: '.length)) as VoiceEvent
        if (event.type === 'speaking' && event.user === bot) speaks = event.on === true
        if (event.type !== 'heard') continue
        last = Date.now()
        say(`Helix, aloud: ${event.words ?? `${((event.durationMs ?? 0) / 1_000).toFixed(1)} s of speech`}`)
      }
    }
  }
  read().catch((error: Error) => {
    if (!signal.aborted) stderr.write(`What Helix says aloud cannot be followed: ${error.message}.\n`)
  })
  return () => (speaks ? Date.now() : last)
}

/** Until it is quiet for a while. */
async function reaction(url: string, began: number, visit: VoiceVisit, aloud: () => number): Promise<boolean> {
  const told = new Set<string>()
  const ended = Date.now()
  const reacted = () => Math.max(visit.lastWord, aloud()) > began
  async function isQuiet(): Promise<boolean> {
    const { speech } = await playgroundState(url)
    for (const { text, by, confidence, at } of speech.heard.toReversed()) {
      if (Date.parse(at) < began || told.has(at)) continue
      told.add(at)
      say(`Heard: "${text}" (by ${by}, confidence ${confidence}).`)
    }
    const since = Date.now() - Math.max(visit.lastWord, aloud(), ended)
    return (reacted() ? since > quietMs : since > reactMs) || Date.now() - ended > longestMs
  }
  await visit.until(isQuiet, longestMs + reactMs, '')
  if (!reacted()) say('Helix did not react. It acts on what begins with its wake word, by members who agreed to be heard (/voice consent).')
  return reacted()
}
