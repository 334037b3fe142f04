import { randomBytes, randomInt } from 'node:crypto'
import type { Clock } from '#src/kernel/clock.ts'
import { u16 } from './dave/bytes.ts'
import type { DavePeer } from './dave/group.ts'
import { daveVersion } from './dave/local-peer.ts'
import type { Network } from './network.ts'
import { createNumbered } from './numbered.ts'
import { type ReadRtp, type RtpFields, writeRtp } from './rtp.ts'
import { createTransport, type Transport, type TransportMode } from './transport.ts'
import type { Remote, UdpPort } from './udp-port.ts'
import { type CloseCode, op } from './wire.ts'

/** The open socket of a client. */
export interface ClientLine {
  send(payload: string | Buffer): void
  /** 'cut' drops the connection without a word. */
  close(code: CloseCode | 'cut'): void
}

export interface ClientDeps {
  readonly user: string
  readonly channel: string
  readonly wire: Clock
  readonly udp: Pick<UdpPort, 'port' | 'send'>
  readonly network: Network
}

/** A bot's end of a call, as the voice server keeps it: it outlives its socket for as long as it can be resumed. */
export interface VoiceClient {
  readonly user: string
  readonly channel: string
  readonly ssrc: number
  readonly peer: DavePeer
  readonly line: ClientLine | undefined
  /** Packets to it and from it, and what of the latter could not be read. */
  readonly counts: { sent: number; received: number; unreadable: number }
  mode: TransportMode | undefined
  /** When its socket was lost, in milliseconds; that of the last time. */
  readonly lostAt: number
  attach(line: ClientLine | undefined): void
  /** A message without a number, such as an answer. */
  tell(op: number, d: unknown): void
  /** One with a number: it is told again after a resume. */
  event(op: number, d: unknown): void
  /** Of end-to-end encryption: ops 21, 22, 24 and those in binary. */
  dave(op: number, body: Buffer | object): void
  acknowledge(sequence: number): void
  /** Sends what was missed; false where that is not known any more. */
  replay(sequence: number): boolean
  found(remote: Remote): void
  /** Agrees on a way to encrypt; answers the key. */
  select(mode: TransportMode): Buffer
  sendRtp(fields: RtpFields, frame: Buffer): void
  /** The content of its own datagram; undefined where it is none of its own. */
  open(datagram: Buffer, rtp: ReadRtp): Buffer | undefined
  close(): void
}

export function createVoiceClient({ user, channel, wire, udp, network }: ClientDeps): VoiceClient {
  const over = new AbortController()
  const send = (payload: string | Buffer) => line?.send(payload)
  const numbered = createNumbered(send)
  let line: ClientLine | undefined
  let remote: Remote | undefined
  let transport: Transport | undefined
  let late: Promise<void> = Promise.resolve()
  let waiting = 0
  let lostAt = 0

  /** In order, however the delay changes meanwhile. */
  function inTime(act: () => void) {
    const until = wire.now().getTime() + network.delays.dave
    if (waiting === 0 && network.delays.dave === 0) return act()
    waiting += 1
    late = late
      .then(() => wire.sleep(Math.max(0, until - wire.now().getTime()), over.signal))
      .then(() => {
        waiting -= 1
        if (!over.signal.aborted) act()
      })
  }

  const client: VoiceClient = {
    user,
    channel,
    ssrc: randomInt(1, 2 ** 31),
    counts: { sent: 0, received: 0, unreadable: 0 },
    mode: undefined,
    peer: {
      id: user,
      proposals: (body) => client.dave(op.daveProposals, body),
      commit: (transition, commit) => client.dave(op.daveAnnounceCommit, Buffer.concat([u16(transition), commit])),
      welcome: (transition, welcome) => client.dave(op.daveWelcome, Buffer.concat([u16(transition), welcome])),
      execute: (transition) => client.dave(op.daveExecuteTransition, { transition_id: transition }),
      reset() {
        client.dave(op.davePrepareEpoch, { protocol_version: daveVersion, epoch: 1 })
        client.dave(op.davePrepareTransition, { protocol_version: daveVersion, transition_id: 0 })
      },
    },
    get line() {
      return line
    },
    get lostAt() {
      return lostAt
    },
    attach(attached) {
      line = attached
      if (!attached) lostAt = wire.now().getTime()
    },
    tell: (operation, d) => send(JSON.stringify({ op: operation, d })),
    event: numbered.json,
    dave: (operation, body) => inTime(() => (Buffer.isBuffer(body) ? numbered.binary(operation, body) : numbered.json(operation, body))),
    acknowledge: numbered.acknowledge,
    replay(sequence) {
      const missed = numbered.since(sequence)
      for (const payload of missed ?? []) send(payload)
      return missed !== undefined
    },
    found(from) {
      remote = from
    },
    select(mode) {
      const key = randomBytes(32)
      transport = createTransport(mode, key)
      client.mode = mode
      return key
    },
    sendRtp(fields, frame) {
      if (!transport || !remote) return
      const { header, extension } = writeRtp(fields)
      for (const datagram of network.datagrams(transport.seal(header, Buffer.concat([extension, frame])))) {
        udp.send(datagram, remote)
        client.counts.sent += 1
      }
    },
    open(datagram, rtp) {
      const content = transport?.open(datagram, rtp.headerBytes)
      client.counts[content ? 'received' : 'unreadable'] += 1
      return content && rtp.frame(content)
    },
    close: () => over.abort(),
  }
  return client
}
