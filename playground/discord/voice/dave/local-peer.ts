import Davey from '@snazzah/davey'
import type { Clock } from '#src/kernel/clock.ts'
import type { DaveGroup, DavePeer } from './group.ts'

/** Protocol version 1, the only one there is. */
export const daveVersion = 1
/** So long an eager one may take before another commits in its place. */
const patienceMs = 1_000
const mostHeld = 250

export interface LocalPeer extends DavePeer {
  /** Undefined while there is no key to encrypt with. */
  encrypt(frame: Buffer): Buffer | undefined
  /**
   * Gives what another peer's frame holds, now or, during a transition, when that is executed. What cannot be decrypted is dropped.
   */
  decrypt(from: string, frame: Buffer, take: (frame: Buffer) => void): void
  /** New keys for a group that begins anew. */
  begin(): void
  close(): void
  /** By which people compare whether they are in the same group. Empty while there is none. */
  readonly privacyCode: string
}

export interface LocalPeerDeps {
  readonly id: string
  readonly channel: string
  /** The package of op 25. */
  readonly sender: Buffer
  readonly group: DaveGroup
  readonly wire: Clock
  /** Everybody who is in the call: nobody else may be added. */
  recognised(): readonly string[]
}

/** A member's end of the encryption, played by the playground. It sends with new keys only once everybody has them. */
export function createLocalPeer({ id, channel, sender, group, wire, recognised }: LocalPeerDeps): LocalPeer {
  const session = new Davey.DAVESession(daveVersion, id, channel)
  session.setExternalSender(sender)
  let prepared: (() => void) | undefined
  const closed = new AbortController()
  let held: { readonly from: string; readonly frame: Buffer; readonly take: (frame: Buffer) => void }[] = []

  function prepare(transition: number, act: () => void): void {
    prepared = act
    queueMicrotask(() => group.ready(peer, transition))
  }

  function open(from: string, frame: Buffer): Buffer | undefined {
    try {
      return session.decrypt(from, Davey.MediaType.AUDIO, frame)
    } catch {
      // Davey throws for whatever keeps it from decrypting; its caller decides what becomes of the frame.
      return undefined
    }
  }

  async function commitAfterOthers(before: bigint, bytes: Buffer): Promise<void> {
    await wire.sleep(patienceMs, closed.signal)
    if (!closed.signal.aborted && group.epoch === before) group.commitWelcome(peer, bytes)
  }

  const peer: LocalPeer = {
    id,
    begin() {
      prepared = undefined
      held = []
      session.reinit(daveVersion, id, channel)
      const keyPackage = session.getSerializedKeyPackage()
      queueMicrotask(() => group.keyPackage(peer, keyPackage))
    },
    reset: () => peer.begin(),
    proposals(body, eager) {
      const { commit, welcome } = session.processProposals(body[0]!, body.subarray(1), [...recognised()])
      if (!commit) return
      const bytes = welcome ? Buffer.concat([commit, welcome]) : commit
      if (eager) queueMicrotask(() => group.commitWelcome(peer, bytes))
      else void commitAfterOthers(group.epoch, bytes)
    },
    commit: (transition, commit) => prepare(transition, () => session.processCommit(commit)),
    welcome: (transition, welcome) => prepare(transition, () => session.processWelcome(welcome)),
    execute() {
      prepared?.()
      prepared = undefined
      const waiting = held
      held = []
      for (const { from, frame, take } of waiting) peer.decrypt(from, frame, take)
    },
    encrypt: (frame) => (session.ready ? session.encryptOpus(frame) : undefined),
    decrypt(from, frame, take) {
      const opened = open(from, frame)
      if (opened) take(opened)
      else if (prepared && held.length < mostHeld) held.push({ from, frame, take })
    },
    close() {
      closed.abort()
      group.leave(peer)
      session.reset()
    },
    get privacyCode() {
      return session.voicePrivacyCode
    },
  }
  return peer
}
