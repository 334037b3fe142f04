import type { Clock } from '#src/kernel/clock.ts'
import { u8, vector } from './bytes.ts'
import { readCommitWelcome } from './commit-welcome.ts'
import type { ExternalSender } from './external-sender.ts'

/** One client of a call, in its part in the group: a member's, which the playground plays, or a bot at the end of a socket. */
export interface DavePeer {
  readonly id: string
  /** Op 27. The eager one is to commit; the others as well, where nobody does. */
  proposals(body: Buffer, eager: boolean): void
  /** Op 29, to who is in the group already. */
  commit(transition: number, commit: Buffer): void
  /** Op 30, to who is new. */
  welcome(transition: number, welcome: Buffer): void
  /** Op 22. */
  execute(transition: number): void
  /** Ops 24 and 21: the last one who is left begins a group of its own, with a new key package. */
  reset(): void
}

export interface DaveGroupDeps {
  readonly channel: string
  readonly sender: ExternalSender
  readonly wire: Clock
  /** A transition was executed. */
  onExecuted(): void
}

/** An end-to-end encrypted call as the voice server sees it: it proposes who joins and leaves, picks the commit, and leads each transition. */
export interface DaveGroup {
  readonly epoch: bigint
  join(peer: DavePeer): void
  leave(peer: DavePeer): void
  /** Op 26: from now on the peer can be added. */
  keyPackage(peer: DavePeer, bytes: Buffer): void
  /** Op 28. The first commit of an epoch wins; any other is ignored. */
  commitWelcome(peer: DavePeer, bytes: Buffer): void
  /** Op 23. */
  ready(peer: DavePeer, transition: number): void
  /** Op 31: it could not follow, and begins anew. */
  invalid(peer: DavePeer): void
  /** Everybody begins anew, with new key packages. */
  dissolve(): void
  includes(peer: DavePeer): boolean
  /** Nobody is about to be added or removed. */
  readonly calm: boolean
  newTransition(): number
  close(): void
}

/** By the protocol's own words a transition waits "up to roughly two seconds" for those who are not ready. */
const transitionMs = 2_000
const APPEND = 0

type Leaf = DavePeer | undefined

interface Proposal {
  /** Who may commit, with those whom that commit adds: in a new group everybody adds all others. */
  readonly committers: ReadonlyMap<DavePeer, readonly DavePeer[]>
  readonly removed: readonly number[]
}

interface Transition {
  readonly id: number
  readonly waiting: Set<DavePeer>
  readonly audience: readonly DavePeer[]
  readonly timer: AbortController
}

/** https://daveprotocol.com: members, proposals, commits and transitions of protocol version 1. */
export function createDaveGroup({ channel, sender, wire, onExecuted }: DaveGroupDeps): DaveGroup {
  const peers = new Set<DavePeer>()
  const pending = new Map<DavePeer, Buffer>()
  const stale = new Set<DavePeer>()
  let leaves: Leaf[] = []
  let epoch = 0n
  let proposal: Proposal | undefined
  let transition: Transition | undefined
  let lastTransition = 0

  const established = () => epoch > 0n
  const isGone = (peer: DavePeer) => !peers.has(peer) || stale.has(peer)
  const settled = () => leaves.filter((peer) => peer !== undefined && !isGone(peer)) as DavePeer[]

  function begin() {
    leaves = []
    epoch = 0n
    stale.clear()
  }

  function newTransition(): number {
    lastTransition = (lastTransition % 0xffff) + 1
    return lastTransition
  }

  function next() {
    if (proposal || transition) return
    const staying = settled()
    if (established() && staying.length === 0) begin()
    if (!established()) return proposeGroup()
    const removed = leaves.flatMap((peer, leaf) => (peer && isGone(peer) ? [leaf] : []))
    if (staying.length === 1 && pending.size === 0 && removed.length > 0) {
      begin()
      return staying[0]!.reset()
    }
    const added = [...pending.keys()]
    if (removed.length + added.length === 0) return
    proposal = { committers: new Map(staying.map((peer) => [peer, added])), removed }
    const body = bodyOf([...removed.map((leaf) => sender.remove({ channel, epoch }, leaf)), ...adds(added)])
    for (const [index, peer] of byAge(staying).entries()) peer.proposals(body, index === 0)
  }

  function proposeGroup() {
    const candidates = byAge([...pending.keys()])
    if (candidates.length < 2) return
    const others = (peer: DavePeer) => candidates.filter((each) => each !== peer)
    proposal = { committers: new Map(candidates.map((peer) => [peer, others(peer)])), removed: [] }
    for (const [index, peer] of candidates.entries()) peer.proposals(bodyOf(adds(others(peer))), index === 0)
  }

  const byAge = (some: readonly DavePeer[]) => [...peers].filter((peer) => some.includes(peer))
  const adds = (added: readonly DavePeer[]) => added.map((peer) => sender.add({ channel, epoch }, pending.get(peer)!))
  const bodyOf = (proposals: readonly Buffer[]) => Buffer.concat([u8(APPEND), vector(...proposals)])

  function accept(committer: DavePeer, { added, removed }: { added: readonly DavePeer[]; removed: readonly number[] }): DavePeer[] {
    if (!established()) leaves = [committer]
    for (const leaf of removed) {
      stale.delete(leaves[leaf]!)
      leaves[leaf] = undefined
    }
    const before = leaves.filter((peer) => peer !== undefined)
    for (const peer of added) {
      // Whoever is new takes the leftmost empty place: RFC 9420, section 7.7.
      const empty = leaves.indexOf(undefined)
      leaves[empty === -1 ? leaves.length : empty] = peer
      pending.delete(peer)
    }
    pending.delete(committer)
    epoch += 1n
    return before
  }

  function execute(): void {
    if (!transition) return
    const { id, audience, timer } = transition
    timer.abort()
    transition = undefined
    for (const peer of audience) if (peers.has(peer)) peer.execute(id)
    next()
    onExecuted()
  }

  async function waitFor({ id, timer }: Transition): Promise<void> {
    await wire.sleep(transitionMs, timer.signal)
    if (transition?.id === id) execute()
  }

  return {
    get epoch() {
      return epoch
    },
    get calm() {
      return !proposal && !transition
    },
    newTransition,
    includes: (peer) => leaves.includes(peer) && !isGone(peer),
    join: (peer) => void peers.add(peer),
    leave(peer) {
      peers.delete(peer)
      pending.delete(peer)
      transition?.waiting.delete(peer)
      if (proposal && ![...proposal.committers.keys()].some((each) => peers.has(each))) proposal = undefined
      if (transition?.waiting.size === 0) execute()
      else next()
    },
    keyPackage(peer, bytes) {
      if (!peers.has(peer)) return
      pending.set(peer, bytes)
      next()
    },
    commitWelcome(peer, bytes) {
      const read = readCommitWelcome(bytes)
      const added = proposal?.committers.get(peer)
      if (!proposal || !added || !read || read.epoch !== epoch || (added.length > 0 && !read.welcome)) return
      const { removed } = proposal
      const before = accept(peer, { added, removed })
      proposal = undefined
      const audience = [...before, ...added].filter((each) => peers.has(each))
      transition = { id: newTransition(), waiting: new Set(audience), audience, timer: new AbortController() }
      void waitFor(transition)
      const { id } = transition
      for (const each of before) if (peers.has(each)) each.commit(id, read.commit)
      for (const each of added) if (peers.has(each) && read.welcome) each.welcome(id, read.welcome)
    },
    ready(peer, id) {
      if (transition?.id !== id) return
      transition.waiting.delete(peer)
      if (transition.waiting.size === 0) execute()
    },
    invalid(peer) {
      pending.delete(peer)
      if (leaves.includes(peer)) stale.add(peer)
      transition?.waiting.delete(peer)
      if (transition?.waiting.size === 0) execute()
      else next()
    },
    dissolve() {
      transition?.timer.abort()
      transition = undefined
      proposal = undefined
      pending.clear()
      begin()
    },
    close() {
      transition?.timer.abort()
      peers.clear()
    },
  }
}
