import type { VNode } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { parseCommandLine } from '#playground/page/commands/command-line.ts'
import { type Leaf, matchingLeaves } from '#playground/page/commands/leaf.ts'
import type { Draft } from '#playground/page/commands/values.ts'
import { html } from './html.ts'
import { arrowTarget, SuggestionList, textboxOf } from './suggestion-list.ts'

interface TextEntryProps {
  readonly channel: string
  readonly leaves: readonly Leaf[]
  readonly initial: string
  /** Takes the focus when it appears: somebody was writing before. */
  readonly focus: boolean
  onCommand(leaf: Leaf, draft: Draft): void
  /** Rejects where it was not sent; the text then stays. */
  onSend(text: string): Promise<void>
  /** The slash was typed: the commands should be up to date. */
  onSlash(): void
}

/** Discord's limit for a message's text. */
const longest = 2_000

/** Plain text, and the list of commands once it begins with a slash. */
export function TextEntry({ channel, leaves, initial, focus, onCommand, onSend, onSlash }: TextEntryProps): VNode {
  const list = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(initial)
  const [dismissed, setDismissed] = useState(initial)
  const [highlighted, setHighlighted] = useState(0)
  const [problem, setProblem] = useState<string>()
  const slash = /^\/[^\n]*$/.test(text)
  const open = slash && text !== dismissed
  const rows = open ? matchingLeaves(leaves, text.slice(1)) : []

  useLayoutEffect(() => {
    if (focus) field.current?.focus()
  }, [])
  useEffect(() => {
    if (slash) onSlash()
  }, [slash])
  // The list may come after what was typed.
  useEffect(() => {
    if (open) take(text)
  }, [leaves])

  function change(value: string): void {
    setText(value)
    setDismissed('')
    setHighlighted(0)
    setProblem(undefined)
    take(value)
  }

  /** A command's name and a space behind it: from here on it has a field for each option. */
  function take(value: string): void {
    const line = parseCommandLine(value, leaves)
    // "stack " may still become "stack up": only a name with nothing longer behind it is taken at its space.
    const ambiguous = line && leaves.some(({ name }) => name.startsWith(`${line.leaf.name} `))
    if (line && !ambiguous && value.startsWith(`/${line.leaf.name} `)) onCommand(line.leaf, line.draft)
  }

  async function send(): Promise<void> {
    if (text.trim() === '') return
    const line = parseCommandLine(text, leaves)
    if (line) return onCommand(line.leaf, line.draft)
    if (slash && leaves.length > 0) return setProblem(`There is no command ${text.split(' ')[0]}. Nothing was sent.`)
    try {
      await onSend(text)
      setText('')
    } catch (error) {
      setProblem(`Not sent: ${error instanceof TypeError ? 'the playground cannot be reached.' : (error as Error).message}`)
    }
  }

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return
    const target = arrowTarget(event.key, highlighted, rows.length)
    const row = rows[highlighted]
    const takes = event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)
    if (target !== undefined) setHighlighted(target)
    else if (takes && row) onCommand(row, {})
    else if (event.key === 'Enter' && !event.shiftKey) void send()
    else if (event.key === 'Escape' && open) setDismissed(text)
    else return
    event.preventDefault()
  }

  return html`
    ${
      open &&
      html`<${SuggestionList} id=${list} title="Commands" rows=${rows.map(({ name, description }) => ({ label: `/${name}`, detail: description }))} highlighted=${highlighted}
      status=${rows.length > 0 ? undefined : leaves.length > 0 ? 'No command matches.' : 'No commands yet: the bot has not registered any, or is not there.'}
      onPick=${(index: number) => rows[index] && onCommand(rows[index], {})} onHighlight=${setHighlighted} />`
    }
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    <div class="composer-box">
      <textarea ref=${field} ...${textboxOf(list, open && rows.length > 0, highlighted)} rows="1" maxlength=${longest} value=${text} placeholder=${`Message #${channel}, or / for a command`}
        aria-label=${`Message #${channel}`} onInput=${(event: InputEvent) => change((event.currentTarget as HTMLTextAreaElement).value)} onKeyDown=${onKey}></textarea>
      <button type="button" class="send" aria-label="Send" disabled=${text.trim() === ''} onClick=${send}><span aria-hidden="true">➤</span></button>
    </div>
  `
}
