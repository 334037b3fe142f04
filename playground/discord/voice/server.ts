import { randomBytes } from 'node:crypto'
import type { Clock } from '#src/kernel/clock.ts'
import type { Certificate } from './certificate.ts'
import { createVoiceClient, type VoiceClient } from './client.ts'
import { serveVoiceConnection } from './connection.ts'
import type { Network } from './network.ts'
import { readRtp } from './rtp.ts'
import type { TransportMode } from './transport.ts'
import { openVoicePort, type VoicePort } from './voice-port.ts'
import { type CloseCode, type Identify, op, type Resume, speaking, transition } from './wire.ts'

/** A bot that may come to the voice server, as it was told over the main gateway. */
export interface Invitation {
  readonly user: string
  readonly channel: string
  readonly session: string
  readonly token: string
}

export interface VoiceServerDeps {
  readonly wire: Clock
  readonly guild: string
  readonly network: Network
  /** Those that are offered, the preferred first. */
  readonly modes: readonly TransportMode[]
  readonly heartbeatMs: number
  certificate(): Certificate
  /** The version of end-to-end encryption in that channel. */
  version(channel: string): number
  /** It has its key. */
  onConnected(client: VoiceClient): void
  /** It is gone for good, or came anew. */
  onDisconnected(client: VoiceClient): void
  /** Nobody resumed it. */
  onLost(user: string): void
  onDave(client: VoiceClient, op: number, body: Buffer | number): void
  onFrame(client: VoiceClient, sequence: number, frame: Buffer): void
  onSpeaking(client: VoiceClient, on: boolean): void
}

/** The emulated voice server, version 8. */
export interface VoiceServer {
  /** Opens its ports, once; answers where. */
  endpoint(): Promise<string>
  invite(user: string, channel: string, session: string): Invitation
  /** The client's connection at this moment. */
  client(user: string): VoiceClient | undefined
  /** The session is no longer valid: the open socket is closed with that code, and nobody resumes it. */
  dismiss(user: string, code: CloseCode): void
  close(): void
}

/** A client whose socket broke may take its session up again for so long. */
const resumableMs = 30_000

export function createVoiceServer(deps: VoiceServerDeps): VoiceServer {
  const { wire, guild, network, modes, heartbeatMs } = deps
  const invitations = new Map<string, Invitation>()
  const clients = new Map<string, VoiceClient>()
  const over = new AbortController()
  let opening: Promise<VoicePort> | undefined
  let port: VoicePort | undefined

  function invited({
    server_id,
    session_id,
    token,
  }: Pick<Identify | Resume, 'server_id' | 'session_id' | 'token'>): Invitation | CloseCode {
    if (server_id !== guild) return 4011
    const invitation = [...invitations.values()].find(({ session }) => session === session_id)
    if (!invitation) return 4006
    return invitation.token === token ? invitation : 4004
  }

  function identify(asked: Identify): VoiceClient | CloseCode {
    const invitation = invited(asked)
    if (typeof invitation === 'number' || !port) return typeof invitation === 'number' ? invitation : 4006
    if (invitation.user !== asked.user_id) return 4004
    if (asked.max_dave_protocol_version < deps.version(invitation.channel)) return 4017
    drop(invitation.user, 4006)
    const client = createVoiceClient({ user: invitation.user, channel: invitation.channel, wire, udp: port.udp, network })
    clients.set(invitation.user, client)
    return client
  }

  function resume(asked: Resume): VoiceClient | CloseCode {
    const invitation = invited(asked)
    if (typeof invitation === 'number') return invitation
    return clients.get(invitation.user) ?? 4006
  }

  function greet(client: VoiceClient): void {
    const udp = { ip: '127.0.0.1', port: port?.udp.port }
    client.tell(op.ready, { ssrc: client.ssrc, ...udp, modes, experiments: [], streams: [] })
  }

  function select(client: VoiceClient, mode: TransportMode): void {
    const secret_key = [...client.select(mode)]
    const version = deps.version(client.channel)
    const codecs = { audio_codec: 'opus', video_codec: null, media_session_id: randomBytes(16).toString('hex') }
    client.tell(op.sessionDescription, { ...codecs, mode, secret_key, dave_protocol_version: version })
    deps.onConnected(client)
  }

  function operate(client: VoiceClient, operation: number, body: unknown): boolean {
    if (operation === op.speaking) {
      const read = speaking.safeParse(body)
      if (read.success) deps.onSpeaking(client, (read.data.speaking & 1) === 1)
      return read.success
    }
    if (operation === op.daveTransitionReady || operation === op.daveInvalidCommitWelcome) {
      const read = transition.safeParse(body)
      if (read.success) deps.onDave(client, operation, read.data.transition_id)
      return read.success
    }
    if (operation !== op.daveKeyPackage && operation !== op.daveCommitWelcome) return operation === op.clientDisconnect
    if (!Buffer.isBuffer(body)) return false
    deps.onDave(client, operation, body)
    return true
  }

  function drop(user: string, code: CloseCode | undefined): void {
    const client = clients.get(user)
    if (!client) return
    clients.delete(user)
    const { line } = client
    client.attach(undefined)
    client.close()
    if (code) line?.close(code)
    deps.onDisconnected(client)
  }

  async function awaitResume(client: VoiceClient): Promise<void> {
    await wire.sleep(resumableMs, over.signal)
    const awayMs = wire.now().getTime() - client.lostAt
    if (over.signal.aborted || client.line || clients.get(client.user) !== client || awayMs < resumableMs) return
    drop(client.user, undefined)
    invitations.delete(client.user)
    deps.onLost(client.user)
  }

  function hear(datagram: Buffer): void {
    const rtp = readRtp(datagram)
    const client = rtp && [...clients.values()].find(({ ssrc }) => ssrc === rtp.ssrc)
    const frame = client?.open(datagram, rtp!)
    if (client && frame) deps.onFrame(client, rtp!.sequence, frame)
  }

  const open = () =>
    openVoicePort({
      certificate: deps.certificate(),
      onDiscovery: (ssrc, remote) => [...clients.values()].find((client) => client.ssrc === ssrc)?.found(remote),
      onDatagram: hear,
      onSocket(socket, version) {
        if (version !== '8') return socket.close(4020, 'Bad request')
        serveVoiceConnection(socket, {
          wire,
          heartbeatMs,
          identify,
          resume,
          greet,
          select,
          operate,
          onClose(client, gaveUp) {
            if (gaveUp) drop(client.user, undefined)
            else void awaitResume(client)
          },
        })
      },
    })

  return {
    async endpoint() {
      opening ??= open()
      port = await opening
      if (over.signal.aborted) port.close()
      return port.endpoint
    },
    invite(user, channel, session) {
      const invitation = { user, channel, session, token: randomBytes(12).toString('hex') }
      invitations.set(user, invitation)
      return invitation
    },
    client: (user) => clients.get(user),
    dismiss(user, code) {
      invitations.delete(user)
      drop(user, code)
    },
    close() {
      over.abort()
      for (const user of [...clients.keys()]) drop(user, 4014)
      port?.close()
    },
  }
}
