import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { World } from '../world.ts'
import { userNamed } from './routes.ts'
import type { Sounds } from './sounds.ts'
import type { Voice } from './voice.ts'

/** `WS /playground/voice/microphone?account=…`: a browser's recording, spoken by that member as it comes. Its end ends the speech. */
export interface Microphone {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  close(): void
}

interface Deps {
  readonly world: World
  readonly voice: Voice
  readonly sounds: Sounds | undefined
  readonly log: Log
}

const path = '/playground/voice/microphone'
const mostChunkBytes = 1024 * 1024
/** Ten seconds ahead of what was spoken: no browser records that fast. */
const mostWaiting = 500
const refused = 4000

export function createMicrophone({ world, voice, sounds, log }: Deps): Microphone {
  const server = new WebSocketServer({ noServer: true, maxPayload: mostChunkBytes })

  function serve(socket: WebSocket, account: string) {
    const refuse = (error: unknown) => {
      if (error instanceof UserError) return socket.close(refused, error.message.slice(0, 120))
      log.error({ err: error }, 'a microphone failed')
      socket.close(1011, 'The playground failed.')
    }
    if (!sounds) return socket.close(refused, 'Nothing here reads sound.')
    const recording = sounds.recording()
    const feed = createFeed()
    socket.on('message', (data) => {
      try {
        for (const packet of recording.push(Buffer.isBuffer(data) ? data : Buffer.concat([data].flat() as Uint8Array[]))) feed.put(packet)
      } catch (error) {
        refuse(error)
      }
    })
    socket.on('error', () => socket.terminate()) // A chunk that is too long; the close is what counts.
    socket.on('close', () => {
      recording.close()
      feed.end()
    })
    const speak = async () => {
      try {
        const { packets } = await voice.speak(userNamed(world, account), feed.packets())
        socket.close(1000, `${packets} packets`)
      } catch (error) {
        refuse(error)
      }
    }
    void speak()
  }

  return {
    upgrade(request, socket, head) {
      const url = new URL(request.url ?? '/', 'ws://playground')
      if (url.pathname !== path) return false
      server.handleUpgrade(request, socket, head, (client) => serve(client, url.searchParams.get('account') ?? ''))
      return true
    },
    close() {
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}

/** Packets that come while they are being spoken. */
function createFeed() {
  const waiting: Uint8Array[] = []
  let ended = false
  let wake = () => {}
  return {
    put(packet: Uint8Array) {
      if (waiting.length < mostWaiting) waiting.push(packet)
      wake()
    },
    end() {
      ended = true
      wake()
    },
    async *packets(): AsyncGenerator<Uint8Array> {
      for (;;) {
        const next = waiting.shift()
        if (next) yield next
        else if (ended) return
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    },
  }
}
