import type { Clock } from '#src/kernel/clock.ts'
import type { Account, Channel, Command, Member, Role, StoredMessage, VoiceState } from './model.ts'
import type { Seed } from './seed.ts'
import type { Snowflakes } from './snowflake.ts'
import { createSnowflakes } from './snowflake.ts'

/** An uploaded file, as the content delivery network keeps it. */
export interface StoredFile {
  readonly type: string
  readonly data: Buffer
}

/** Everything that Discord knows: one guild, one application, and what happened since. */
export interface World {
  /** `http://127.0.0.1:PORT`, known once the playground listens. */
  readonly publicUrl: () => string
  readonly clock: Clock
  readonly ids: Snowflakes
  readonly guild: Seed['guild']
  readonly application: Seed['application']
  readonly accounts: readonly Account[]
  readonly roles: Map<string, Role>
  readonly members: Map<string, Member>
  /** Threads too. */
  readonly channels: Map<string, Channel>
  /** By channel, oldest first. */
  readonly messages: Map<string, Map<string, StoredMessage>>
  /** By path below `/attachments/`. */
  readonly files: Map<string, StoredFile>
  readonly commands: Map<string, Command>
  /** By user; gone with a restart. */
  readonly voice: Map<string, VoiceState>
  /** To be called after every change that should survive a restart. */
  changed(): void
  onChange(listener: () => void): void
  snapshot(): Snapshot
}

export interface Snapshot {
  readonly lastId: string
  readonly channels: readonly Channel[]
  readonly commands: readonly Command[]
  readonly messages: readonly (readonly [channel: string, messages: readonly StoredMessage[]])[]
  readonly files: readonly (readonly [path: string, type: string, base64: string])[]
}

/** The seed, and over it what an earlier run left (`snapshot`: what `World.snapshot` gave). */
export function createWorld(clock: Clock, seed: Seed, publicUrl: () => string, snapshot?: unknown): World {
  const left = snapshot as Snapshot | undefined
  const listeners: (() => void)[] = []
  const messages = new Map((left?.messages ?? []).map(([channel, all]) => [channel, byId(all, (stored) => stored.message.id)]))
  const encoded = new WeakMap<StoredFile, string>()
  // Asked for at every snapshot, while a file never changes.
  const base64Of = (file: StoredFile) => {
    const base64 = encoded.get(file) ?? file.data.toString('base64')
    encoded.set(file, base64)
    return base64
  }
  const world: World = {
    publicUrl,
    clock,
    ids: createSnowflakes(clock, left?.lastId),
    guild: seed.guild,
    application: seed.application,
    accounts: seed.accounts,
    roles: byId(seed.roles),
    members: byId(seed.members, ({ user }) => user.id),
    channels: byId(left?.channels ?? seed.channels),
    messages,
    files: new Map((left?.files ?? []).map(([path, type, base64]) => [path, { type, data: Buffer.from(base64, 'base64') }])),
    commands: byId(left?.commands ?? []),
    voice: new Map(),
    changed: () => {
      for (const listener of listeners) listener()
    },
    onChange: (listener) => listeners.push(listener),
    snapshot: (): Snapshot => ({
      lastId: world.ids.last(),
      channels: [...world.channels.values()],
      commands: [...world.commands.values()],
      messages: [...messages].map(([channel, all]) => [channel, [...all.values()]]),
      files: [...world.files].map(([path, file]) => [path, file.type, base64Of(file)]),
    }),
  }
  return world
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Map<string, Item>
function byId<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item>
function byId(items: readonly { id: string }[], key = (item: { id: string }) => item.id): Map<string, object> {
  return new Map(items.map((item) => [key(item), item]))
}
