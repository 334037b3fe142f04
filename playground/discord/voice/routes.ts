import { setImmediate as immediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { UserError } from '#src/kernel/errors.ts'
import type { World } from '../world.ts'
import type { Utterance } from './heard.ts'
import type { Sounds } from './sounds.ts'
import type { Voice, VoiceNews } from './voice.ts'

interface Deps {
  readonly world: World
  readonly voice: Voice
  readonly sounds: Sounds | undefined
}

const account = z.string().min(1).describe("An account's name or id")
const place = z.strictObject({ account, channel: z.string().min(1).optional() })
const speech = z.strictObject({
  ...place.shape,
  words: z.string().trim().min(1).max(2_000).optional(),
  /** Base64 of WAV, Ogg Opus or WebM. */
  audio: z.base64().optional(),
  /** True: the emulated Google is not told the words. It recognises them where an offline recogniser is installed. */
  unknown: z.boolean().default(false),
  /** False: the answer comes before it is said. */
  wait: z.boolean().default(true),
})

/** By which members come, speak and go without a client, and what the bot said is heard. */
export function voiceRoutes(http: FastifyInstance, { world, voice, sounds }: Deps): void {
  const userOf = (name: string) => userNamed(world, name)

  http.post('/playground/voice/join', async (request) => {
    const asked = read(place, request.body, '{"account": "…", "channel"?: "…"}')
    return { channel: voice.join(userOf(asked.account), asked.channel) }
  })
  http.post('/playground/voice/leave', async (request) => {
    const asked = read(place.pick({ account: true }), request.body, '{"account": "…"}')
    return { left: voice.states.put(userOf(asked.account), null) }
  })
  http.post('/playground/voice/speak', { bodyLimit: 64 * 1024 * 1024 }, async (request) => {
    const asked = read(speech, request.body, '{"account": "…", "channel"?: "…", "words": "…" or "audio": "base64"}')
    const user = userOf(asked.account)
    const packets = await packetsOf(asked, sounds)
    const channel = voice.join(user, asked.channel)
    const spoken = voice.speak(user, packets)
    if (asked.wait) return { channel, ...(await spoken) }
    // What is refused is refused at once; after that nobody waits: the page and the state show who speaks.
    await Promise.race([spoken, immediate()])
    spoken.catch(() => {})
    return { channel, packets: packets.length }
  })
  http.get('/playground/voice/heard', async () => voice.heard.all().map((utterance) => shown(utterance, sounds)))
  http.get<{ Params: { file: string } }>('/playground/voice/heard/:file', async (request, reply) => {
    const found = voice.heard.all().find(({ id }) => `${id}.ogg` === request.params.file)
    if (found) return reply.type('audio/ogg').header('cache-control', 'no-store').send(Buffer.from(found.audio))
    return reply.code(404).send({ error: 'This was never said, or it is too long ago.' })
  })
  http.get('/playground/voice/events', (request, reply) => {
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    const tell = (data: object) => raw.write(`data: ${JSON.stringify(data)}\n\n`)
    tell({ type: 'now', speaking: voice.speaking() })
    const stop = voice.onNews((news) => tell(eventOf(news, sounds)))
    request.raw.on('close', stop)
  })
}

/** An account's id by its name or id. Throws UserError where there is none, or it is the bot's. */
export function userNamed({ accounts }: World, name: string): string {
  const found = accounts.find(({ id, token, kind }) => kind === 'user' && (id === name || token === name))
  if (!found) throw new UserError(`There is no account ${JSON.stringify(name)}.`)
  return found.id
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown, form: string): z.output<Schema> {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new UserError(`Send ${form}. ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}.`)
}

async function packetsOf({ words, audio, unknown }: z.output<typeof speech>, sounds: Sounds | undefined): Promise<readonly Uint8Array[]> {
  if (!sounds) throw new UserError('Nothing here makes sound: the emulated Google is missing.')
  if ((words === undefined) === (audio === undefined)) throw new UserError('Send either "words" or "audio".')
  if (words !== undefined) return sounds.say(words, { unknown })
  const packets = await sounds.read(Buffer.from(audio!, 'base64'))
  if (!packets) throw new UserError('The audio cannot be read: send WAV, Ogg Opus or WebM with Opus.')
  return packets
}

function shown({ id, user, channel, at, packets, durationMs }: Utterance, sounds: Sounds | undefined) {
  return { id, user, channel, at, durationMs, words: sounds?.wordsOf(packets) ?? null, audio: `/playground/voice/heard/${id}.ogg` }
}

function eventOf(news: VoiceNews, sounds: Sounds | undefined): object {
  return news.type === 'heard' ? { type: 'heard', ...shown(news.utterance, sounds) } : news
}
