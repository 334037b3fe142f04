import type { WebSocket } from 'ws'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { readJson } from '#src/kernel/read-json.ts'
import type { Transcriber } from '#src/speech/transcriber.ts'
import { clientMessage, longestFrame, readAudioFrame, type ServiceMessage } from '#src/speech/wire.ts'
import { isAtLeast } from '#src/tokens/claimed-role.ts'
import { InvalidToken, type Principal, type Tokens } from '#src/tokens/tokens.ts'
import { createFloodGate, type FloodLimits } from './flood.ts'
import { createUtterances } from './utterances.ts'

export interface StreamingLimits {
  readonly connections: number
  readonly utterances: number
  readonly flood: FloodLimits
  /** For the first message, with the token. */
  readonly authMs: number
  /** Without any utterance. */
  readonly idleMs: number
  /** Between two pings; who answers none is gone. */
  readonly pingMs: number
  /** Of what was said to a client that does not read. */
  readonly mostUnreadBytes: number
}

export interface ConnectionDeps {
  readonly socket: WebSocket
  /** Where the token came as a header. */
  readonly caller: Principal | undefined
  readonly tokens: Tokens
  readonly transcriber: Transcriber
  readonly limits: StreamingLimits
  readonly clock: Clock
  readonly log: Log
}

/** RFC 6455, section 7.4.1. */
const codes = { normal: 1000, unsupported: 1003, policy: 1008, tooLarge: 1009 } as const

/** Ends the connection with a word. */
class Goodbye extends Error {
  readonly code: number
  constructor(code: keyof typeof codes, reason: string) {
    super(reason)
    this.code = codes[code]
  }
}

const noToken = 'The first message must be {"type":"auth","token":"…"}.'

/** One client of `WS /ws/transcribe`, from its token to its end. */
export function serveConnection({ socket, caller, tokens, transcriber, limits, clock, log }: ConnectionDeps): void {
  const over = new AbortController()
  const mayPass = createFloodGate(limits.flood, clock)
  const utterances = createUtterances({ transcriber, most: limits.utterances, log, send, onOver: touch })
  let principal: Principal | undefined
  let checking = false
  let lastUse = clock.now().getTime()
  let isAlive = true

  function touch(): void {
    lastUse = clock.now().getTime()
  }

  function send(message: ServiceMessage): void {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > limits.mostUnreadBytes) socket.terminate()
    else socket.send(JSON.stringify(message))
  }

  function end(reason: unknown): void {
    if (reason instanceof Goodbye) return void socket.close(reason.code, reason.message)
    if (reason instanceof InvalidToken) return void socket.close(codes.policy, reason.message)
    log.error({ err: reason }, 'a transcription socket failed here')
    socket.close(1011, 'Something went wrong in voice-processor.')
  }

  function admit(who: Principal): void {
    if (!isAtLeast(who.role, 'operator')) throw new Goodbye('policy', `This needs the role operator; the token says ${who.role}.`)
    principal = who
    send({ type: 'ready' })
  }

  function control(text: string): void {
    const read = clientMessage.safeParse(readJson(text))
    const message = read.data
    if (!principal) {
      if (message?.type !== 'auth' || checking) throw new Goodbye('policy', noToken)
      checking = true
      tokens.verify(message.token).then(admit).catch(end)
      return
    }
    touch()
    if (!message) send({ type: 'error', detail: 'This message is not understood.', retryable: false })
    else if (message.type === 'start') utterances.start(message.utterance, { language: message.language, phrases: message.phrases })
    else if (message.type === 'end') utterances.end(message.utterance)
    else if (message.type === 'cancel') utterances.cancel(message.utterance)
  }

  function audio(bytes: Buffer): void {
    if (!principal) throw new Goodbye('policy', noToken)
    if (bytes.length > longestFrame) throw new Goodbye('tooLarge', `A packet has at most ${longestFrame} bytes.`)
    const frame = readAudioFrame(bytes)
    if (!frame) throw new Goodbye('unsupported', 'A packet is the number of its utterance (4 bytes) and Opus.')
    utterances.write(frame.utterance, frame.packet)
  }

  async function keepTime(): Promise<void> {
    await clock.sleep(limits.authMs, over.signal)
    if (!principal && !over.signal.aborted) throw new Goodbye('policy', 'No token came in time.')
    while (!over.signal.aborted) {
      await clock.sleep(limits.pingMs, over.signal)
      if (over.signal.aborted) return
      const now = clock.now()
      const hasExpired = principal?.kind === 'user' && principal.expiresAt && principal.expiresAt <= now
      if (hasExpired) throw new Goodbye('policy', 'The token has expired.')
      if (utterances.open === 0 && now.getTime() - lastUse >= limits.idleMs) throw new Goodbye('normal', 'Nothing was said for long.')
      if (isAlive) socket.ping()
      else socket.terminate()
      isAlive = false
    }
  }

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (socket.readyState !== socket.OPEN) return
    try {
      if (!mayPass()) throw new Goodbye('policy', 'Too many messages.')
      if (isBinary) audio(data)
      else control(data.toString())
    } catch (reason) {
      end(reason)
    }
  })
  socket.on('pong', () => {
    isAlive = true
  })
  // A frame over the limit, or one that is no WebSocket frame: ws closes with the code for it.
  socket.on('error', (err) => log.debug({ err }, 'a transcription socket failed'))
  socket.once('close', () => {
    over.abort()
    utterances.cancelAll()
  })
  try {
    if (caller) admit(caller)
  } catch (reason) {
    end(reason)
  }
  keepTime().catch(end)
}
