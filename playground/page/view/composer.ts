import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Leaf } from '#playground/page/commands/leaf.ts'
import type { Draft } from '#playground/page/commands/values.ts'
import type { Session } from '#playground/page/session/session.ts'
import { CommandEntry } from './command-entry.ts'
import { html } from './html.ts'
import { TextEntry } from './text-entry.ts'

/** A command asked for from elsewhere on the page. A new object is a new request. */
export interface Opening {
  readonly leaf: Leaf
  readonly draft: Draft
}

interface ComposerProps {
  readonly session: Session
  readonly channel: { readonly id: string; readonly name: string }
  readonly leaves: readonly Leaf[]
  readonly opening: Opening | undefined
  onSlash(): void
}

/** What is being written: text, or a command with its options. */
interface Writing {
  readonly text: string
  readonly command?: Opening
  /** Counts up, so that each begins anew. */
  readonly turn: number
}

export function Composer({ session, channel, leaves, opening, onSlash }: ComposerProps): VNode {
  const [{ text, command, turn }, setWriting] = useState<Writing>({ text: '', turn: 0 })
  const write = (next: Omit<Writing, 'turn'>) => setWriting((before) => ({ ...next, turn: before.turn + 1 }))
  useEffect(() => {
    if (opening) write({ text: '', command: opening })
  }, [opening])

  return html`<form class="composer" aria-label="Write a message" onSubmit=${(event: Event) => event.preventDefault()}>
    ${
      command
        ? html`<${CommandEntry} key=${turn} session=${session} channel=${channel.id} leaf=${command.leaf} initial=${command.draft}
          onLeave=${(left: string) => write({ text: left })}
          onSend=${(draft: Draft) => {
            void session.run(channel.id, command.leaf, draft)
            write({ text: '' })
          }} />`
        : html`<${TextEntry} key=${turn} channel=${channel.name} leaves=${leaves} initial=${text} focus=${turn > 0} onSlash=${onSlash}
          onSend=${(written: string) => session.send(channel.id, written)}
          onCommand=${(leaf: Leaf, draft: Draft) => write({ text: '', command: { leaf, draft } })} />`
    }
  </form>`
}
