import type { VNode } from 'preact'
import { useContext, useId, useState } from 'preact/hooks'
import { formatCommandLine } from '#playground/page/commands/command-line.ts'
import type { Leaf } from '#playground/page/commands/leaf.ts'
import { type Item, itemsFor, nextRequired, remainingOptions } from '#playground/page/commands/option-items.ts'
import { type Draft, problemOf, problemsOf } from '#playground/page/commands/values.ts'
import type { Session } from '#playground/page/session/session.ts'
import type { CommandOption } from '#playground/page/wire.ts'
import { Guild } from './guild-context.ts'
import { html } from './html.ts'
import { MoreOptions, OptionChip } from './option-chip.ts'
import { arrowTarget, comboboxOf, SuggestionList } from './suggestion-list.ts'
import { more, useCommandDraft } from './use-command-draft.ts'
import { useHighlight } from './use-highlight.ts'
import { useSuggestions } from './use-suggestions.ts'

interface CommandEntryProps {
  readonly session: Session
  readonly channel: string
  readonly leaf: Leaf
  readonly initial: Draft
  onSend(draft: Draft): void
  /** Back to plain text, so that nothing typed is lost. */
  onLeave(text: string): void
}

/** A command being filled in: a chip for each option, and above them what can be chosen for the one in focus. */
export function CommandEntry({ session, channel, leaf, initial, onSend, onLeave }: CommandEntryProps): VNode {
  const guild = useContext(Guild)
  const list = useId()
  const entry = useCommandDraft(leaf, initial, onSend)
  const { draft, shown, tried } = entry
  const [focused, setFocused] = useState<string>()
  const [typed, setTyped] = useState('')

  const option = leaf.options.find(({ name }) => name === focused)
  const filled = option && draft[option.name]
  const remote = useSuggestions(session, channel, leaf, draft, option?.autocomplete ? option.name : undefined)
  const items = option?.autocomplete ? remote.items : option ? (itemsFor(option, filled, guild) ?? []) : furtherItems(leaf, shown, typed)
  const listed = focused !== undefined && filled?.picked === undefined
  const quiet = focused === more || remote.state === 'loading' || !listed
  const highlight = useHighlight(quiet ? -1 : 0, [focused, quiet, filled?.text])

  function pick(index: number): void {
    const item = items[index]
    if (!item || focused === undefined) return
    if (focused === more) {
      setTyped('')
      entry.add(String(item.value))
    } else entry.focus(nextRequired(leaf, entry.fill(focused, item.label, item.value)) ?? more)
  }

  /** Enter with nothing to pick: on to what is still needed, else off it goes. */
  function advance(): void {
    const next = nextRequired(leaf, draft)
    if (next !== undefined && next !== focused && !tried) entry.focus(next)
    else entry.send()
  }

  /** Backspace in an empty field: to the one before, which takes an optional one away; from the first back to the command's name. */
  function stepBack(): void {
    const before = focused === more ? shown.at(-1) : shown[shown.indexOf(focused ?? '') - 1]
    if (option && !option.required) entry.remove(option.name)
    if (before !== undefined) entry.focus(before)
    else if (focused === more || option?.required) onLeave(`/${leaf.name}`)
    else entry.focus(more)
  }

  function onKey(event: KeyboardEvent): void {
    const empty = (focused === more ? typed : filled?.text || '') === ''
    const target = listed ? arrowTarget(event.key, highlight.at, items.length) : undefined
    const takes = listed && highlight.at >= 0 && items.length > 0
    if (target !== undefined) highlight.to(target)
    else if (event.key === 'Enter') takes ? pick(highlight.at) : advance()
    else if (event.key === 'Tab' && !event.shiftKey && takes && (highlight.moved || !empty)) pick(highlight.at)
    else if (event.key === 'Escape') onLeave(Object.keys(draft).length > 0 ? formatCommandLine(leaf, draft) : '')
    else if (event.key === 'Backspace' && empty) stepBack()
    else return
    event.preventDefault()
  }

  const problem = tried ? problemsOf(leaf, draft)[0] : undefined
  const combobox = (name: string) => ({
    ...comboboxOf(list, listed && focused === name && items.length > 0, highlight.at),
    onKeyDown: onKey,
    onFocus: () => setFocused(name),
  })
  const chip = (name: string) => {
    const one = leaf.options.find((known) => known.name === name)!
    const wrong = problemOf(one, draft[name]) !== undefined && (tried || (focused !== name && Boolean(draft[name]?.text)))
    return html`<${OptionChip} key=${name} option=${one} filled=${draft[name]} invalid=${wrong} combobox=${combobox(name)}
      field=${(element: HTMLInputElement | null) => entry.field(name, element)} onText=${(text: string) => entry.fill(name, text)} onRemove=${() => {
        entry.remove(name)
        entry.focus(more)
      }} />`
  }
  return html`<div class="command-entry" onFocusOut=${(event: FocusEvent) => {
    const inside = event.relatedTarget instanceof Node && (event.currentTarget as Node).contains(event.relatedTarget)
    if (!inside) setFocused(undefined)
  }}>
    ${
      listed &&
      html`<${SuggestionList} id=${list} title=${option?.name ?? `/${leaf.name}`} note=${option?.description ?? leaf.description} rows=${items}
        highlighted=${highlight.at} busy=${remote.state === 'loading'} status=${statusOf(option, remote.state, items.length)}
        onPick=${pick} onHighlight=${highlight.to} />`
    }
    ${problem && html`<p class="problem" role="alert"><strong>${problem.option}</strong> ${problem.problem}</p>`}
    <div class="composer-box">
      <div class="chips">
        <span class="command-name">/${leaf.name}</span>
        ${shown.map(chip)}
        <${MoreOptions} command=${leaf.name} left=${leaf.options.length - shown.length} text=${typed} combobox=${combobox(more)}
          field=${(element: HTMLInputElement | null) => entry.field(more, element)} onText=${setTyped} />
      </div>
      <button type="button" class="send" aria-label=${`Send /${leaf.name}`} onClick=${entry.send}><span aria-hidden="true">➤</span></button>
    </div>
  </div>`
}

function furtherItems(leaf: Leaf, shown: readonly string[], typed: string): readonly Item[] {
  return remainingOptions(leaf, shown, typed).map(({ name, description }) => ({ label: name, detail: description, value: name }))
}

function statusOf(option: CommandOption | undefined, state: string, count: number): string | undefined {
  if (!option) return count > 0 ? undefined : 'Enter sends the command.'
  if (state === 'loading') return count > 0 ? undefined : 'Looking for options…'
  if (state === 'failed') return 'Options could not be loaded: the bot did not answer. What you type is sent as it is.'
  if ((option.autocomplete || option.choices) && count === 0) return 'No options match your search.'
  return undefined
}
