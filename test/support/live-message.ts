import { EventEmitter } from 'node:events'
import { awaitEvent } from './await-event.ts'

/** A message as Discord's gateway shows it to a member, as far as tests look at it. */
export interface MessageData {
  readonly id: string
  readonly channel_id: string
  readonly type: number
  readonly content: string
  readonly flags: number
  readonly author: { readonly id: string; readonly username: string; readonly bot?: boolean }
  readonly embeds: readonly EmbedData[]
  readonly components: readonly ComponentData[]
  readonly attachments: readonly { readonly id: string; readonly filename: string; readonly url: string; readonly description?: string }[]
  readonly nonce?: string
  readonly edited_timestamp: string | null
  readonly interaction_metadata?: { readonly id: string }
  readonly pinned: boolean
}

export interface EmbedData {
  readonly title?: string
  readonly description?: string
  readonly color?: number
  readonly url?: string
  readonly footer?: { readonly text: string }
  readonly fields?: readonly { readonly name: string; readonly value: string }[]
  readonly image?: { readonly url: string }
}

export interface ComponentData {
  readonly type: number
  readonly custom_id?: string
  readonly label?: string
  readonly placeholder?: string
  readonly style?: number
  readonly url?: string
  readonly disabled?: boolean
  readonly components?: readonly ComponentData[]
  readonly component?: ComponentData
  readonly accessory?: ComponentData
}

/** A message that keeps itself up to date with what the gateway says about it. */
export interface LiveMessage {
  readonly id: string
  readonly channel: string
  /** As it stands now. */
  readonly data: MessageData
  readonly deleted: boolean
  /** "Helix is thinking…" */
  readonly loading: boolean
  readonly ephemeral: boolean
  /** How often it was edited since it was first seen. */
  readonly edits: number
  /** Content, embeds and fields in one string, to search in. */
  readonly text: string
  /** Labels of the buttons that can be pressed. */
  readonly buttons: readonly string[]
  /** Resolves as soon as the predicate holds (at once if it does already); rejects after the deadline (10 s), saying how the message stands. */
  until(holds: (message: LiveMessage) => boolean, deadlineMs?: number): Promise<LiveMessage>
}

export function createLiveMessage(first: MessageData): LiveMessage & { update(data: MessageData): void; remove(): void } {
  const changes = new EventEmitter()
  changes.setMaxListeners(0)
  let data = first
  let deleted = false
  let edits = 0
  const live = {
    id: first.id,
    channel: first.channel_id,
    get data() {
      return data
    },
    get deleted() {
      return deleted
    },
    get edits() {
      return edits
    },
    get loading() {
      return (data.flags & 128) !== 0
    },
    get ephemeral() {
      return (data.flags & 64) !== 0
    },
    get text() {
      return [data.content, ...data.embeds.map(embedText)].filter(Boolean).join('\n')
    },
    get buttons() {
      return buttonsOf(data.components).flatMap((button) => (button.label && !button.disabled ? [button.label] : []))
    },
    until: (holds: (message: LiveMessage) => boolean, deadlineMs?: number) =>
      awaitEvent<LiveMessage>(
        changes,
        () => (holds(live) ? live : undefined),
        () => `message ${first.id} did not become what was waited for; it is: ${live.text || '(empty)'} [${live.buttons}]`,
        deadlineMs,
      ),
    update: (next: MessageData) => {
      data = { ...data, ...next }
      edits++
      changes.emit('change')
    },
    remove: () => {
      deleted = true
      changes.emit('change')
    },
  }
  return live
}

/** All components of a message, however deep. */
export function flatten(components: readonly ComponentData[]): readonly ComponentData[] {
  return components.flatMap((component) => [
    component,
    ...flatten([...(component.components ?? []), ...[component.component, component.accessory].filter((child) => child !== undefined)]),
  ])
}

function buttonsOf(components: readonly ComponentData[]) {
  return flatten(components).filter((component) => component.type === 2)
}

function embedText(embed: EmbedData): string {
  const fields = (embed.fields ?? []).map((field) => `${field.name}: ${field.value}`)
  return [embed.title, embed.description, ...fields, embed.footer?.text].filter(Boolean).join('\n')
}
