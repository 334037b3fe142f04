import { EventEmitter } from 'node:events'
import type { Clock } from '#src/kernel/clock.ts'
import { opusSilence } from '#src/speech/opus-packet.ts'
import type { VoiceClient } from './client.ts'
import type { ExternalSender } from './dave/external-sender.ts'
import { createDaveGroup } from './dave/group.ts'
import { createLocalPeer, daveVersion, type LocalPeer } from './dave/local-peer.ts'
import type { Network } from './network.ts'
import { createTalker, type PacketSource, type Spoken, type Talker } from './talker.ts'
import { op } from './wire.ts'

export interface CallDeps {
  readonly channel: string
  readonly wire: Clock
  readonly sender: ExternalSender
  readonly network: Network
  /** Whether the call is end-to-end encrypted. */
  readonly encrypted: boolean
  mayBeHeard(user: string): boolean
  onSpeaking(user: string, on: boolean): void
  /** An Opus packet of a bot's, as a member of the call has it. */
  onHeard(client: VoiceClient, sequence: number, packet: Buffer): void
}

/** What happens in one voice channel: members, whose clients the playground plays, and bots at the end of sockets. */
export interface Call {
  readonly channel: string
  /** The version of end-to-end encryption; 0 is none. */
  readonly version: number
  readonly empty: boolean
  enter(user: string): void
  leave(user: string): void
  /** The bot's client has its key: it takes part from now on. */
  connect(client: VoiceClient): void
  disconnect(client: VoiceClient): void
  /** Throws RangeError where the user is not in the call. */
  speak(user: string, source: PacketSource): Promise<Spoken>
  /** An operation of end-to-end encryption from a client: ops 23, 26, 28 and 31. */
  dave(client: VoiceClient, op: number, body: Buffer | number): void
  frame(client: VoiceClient, sequence: number, frame: Buffer): void
  /** Whether somebody speaks at this moment. */
  isSpeaking(user: string): boolean
  /** The next packets go without end-to-end encryption, or with it again. */
  setVersion(version: 0 | 1): void
  state(): Readonly<Record<string, unknown>>
  close(): void
}

interface Member {
  readonly talker: Talker
  readonly peer: LocalPeer
}

const readyWithinMs = 5_000

export function createCall(deps: CallDeps): Call {
  const { channel, wire, sender, network, mayBeHeard, onSpeaking, onHeard } = deps
  const news = new EventEmitter<{ change: [] }>()
  const group = createDaveGroup({ channel, sender, wire, onExecuted: () => news.emit('change') })
  const members = new Map<string, Member>()
  const clients = new Set<VoiceClient>()
  const over = new AbortController()
  let version: number = deps.encrypted ? daveVersion : 0
  let downgrade: { readonly id: number; readonly waiting: Set<VoiceClient> } | undefined

  const everybody = () => [...members.keys(), ...[...clients].map(({ user }) => user)]
  const others = (client: VoiceClient) => everybody().filter((user) => user !== client.user)

  function newMember(user: string): Member {
    const peer = createLocalPeer({ id: user, channel, sender: sender.serialized, group, wire, recognised: everybody })
    const talker: Talker = createTalker({
      wire,
      network,
      encrypt: (packet) => (version === 0 ? packet : peer.encrypt(packet)),
      mayBeHeard: () => mayBeHeard(user),
      speaking(on) {
        onSpeaking(user, on)
        void announce(user, talker.ssrc, on)
      },
      send(fields, frame) {
        for (const client of clients) client.sendRtp(fields, frame)
      },
    })
    return { peer, talker }
  }

  async function announce(user: string, ssrc: number, on: boolean): Promise<void> {
    if (network.delays.speaking > 0) await wire.sleep(network.delays.speaking, over.signal)
    if (members.has(user)) for (const client of clients) client.event(op.speaking, speakingOf(user, ssrc, on))
  }

  const speakingOf = (user: string, ssrc: number, on: boolean) => ({ user_id: user, ssrc, speaking: on ? 1 : 0 })

  /** As people do, members wait with their first words until the bot can hear them; not for ever. */
  async function untilHeard({ peer }: Member): Promise<void> {
    const ready = () =>
      version === 0 || clients.size === 0 || (group.calm && [peer, ...[...clients].map((each) => each.peer)].every(group.includes))
    const waiting = new AbortController()
    const look = () => ready() && waiting.abort()
    news.on('change', look)
    if (!ready()) await wire.sleep(readyWithinMs, AbortSignal.any([waiting.signal, over.signal]))
    news.off('change', look)
  }

  function begin(): void {
    version = daveVersion
    for (const client of clients) {
      client.dave(op.davePrepareEpoch, { protocol_version: version, epoch: 1 })
      client.dave(op.daveExternalSender, sender.serialized)
      group.join(client.peer)
    }
    for (const { peer } of members.values()) peer.begin()
  }

  function prepareDowngrade(): void {
    downgrade = { id: group.newTransition(), waiting: new Set(clients) }
    for (const client of clients) client.dave(op.davePrepareTransition, { protocol_version: 0, transition_id: downgrade.id })
    if (clients.size === 0) executeDowngrade(downgrade.id)
  }

  function downgradeReady(client: VoiceClient): void {
    if (downgrade?.waiting.delete(client) && downgrade.waiting.size === 0) executeDowngrade(downgrade.id)
  }

  function executeDowngrade(id: number): void {
    downgrade = undefined
    version = 0
    group.dissolve()
    for (const client of clients) client.dave(op.daveExecuteTransition, { transition_id: id })
    news.emit('change')
  }

  return {
    channel,
    get version() {
      return version
    },
    get empty() {
      return members.size + clients.size === 0
    },
    enter(user) {
      if (members.has(user)) return
      const member = newMember(user)
      members.set(user, member)
      // Clients refuse to have somebody in the group of whom they do not know that they are in the call.
      for (const client of clients) client.event(op.clientsConnect, { user_ids: [user] })
      group.join(member.peer)
      if (version > 0) member.peer.begin()
    },
    leave(user) {
      const member = members.get(user)
      if (!member) return
      members.delete(user)
      member.talker.close()
      for (const client of clients) client.event(op.clientDisconnect, { user_id: user })
      member.peer.close()
    },
    connect(client) {
      clients.add(client)
      if (others(client).length > 0) client.event(op.clientsConnect, { user_ids: others(client) })
      for (const [user, { talker }] of members) if (talker.isSpeaking) client.event(op.speaking, speakingOf(user, talker.ssrc, true))
      if (version === 0) return
      client.dave(op.daveExternalSender, sender.serialized)
      group.join(client.peer)
    },
    disconnect(client) {
      if (!clients.delete(client)) return
      for (const other of clients) other.event(op.clientDisconnect, { user_id: client.user })
      group.leave(client.peer)
      downgradeReady(client)
      news.emit('change')
    },
    async speak(user, source) {
      const member = members.get(user)
      if (!member) throw new RangeError(`${user} is not in the call`)
      await untilHeard(member)
      return member.talker.speak(source)
    },
    dave(client, operation, body) {
      if (operation === op.daveKeyPackage && Buffer.isBuffer(body)) group.keyPackage(client.peer, body)
      if (operation === op.daveCommitWelcome && Buffer.isBuffer(body)) group.commitWelcome(client.peer, body)
      if (operation === op.daveInvalidCommitWelcome) group.invalid(client.peer)
      if (operation === op.daveTransitionReady && typeof body === 'number') {
        if (body === downgrade?.id) downgradeReady(client)
        else group.ready(client.peer, body)
      }
    },
    frame(client, sequence, frame) {
      if (members.size === 0 || !mayBeHeard(client.user)) return
      const take = (packet: Buffer) => onHeard(client, sequence, packet)
      if (version === 0 || frame.equals(opusSilence)) return take(frame)
      const ear = [...members.values()].find(({ peer }) => group.includes(peer))
      ear?.peer.decrypt(client.user, frame, take)
    },
    isSpeaking: (user) => members.get(user)?.talker.isSpeaking ?? false,
    setVersion(wanted) {
      if (wanted === version) return
      if (wanted === 0) prepareDowngrade()
      else begin()
    },
    state: () => ({
      members: [...members.keys()],
      bots: [...clients].map(({ user, mode, counts, line }) => ({ user, mode, connected: line !== undefined, ...counts })),
      encryption: { version, epoch: Number(group.epoch), privacyCode: [...members.values()][0]?.peer.privacyCode ?? '' },
    }),
    close() {
      over.abort()
      for (const { talker, peer } of members.values()) {
        talker.close()
        peer.close()
      }
      members.clear()
      clients.clear()
      group.close()
    },
  }
}
