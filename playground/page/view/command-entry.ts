import type { VNode } from 'preact'
import { useContext, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { formatCommandLine } from '#playground/page/commands/command-line.ts'
import type { Leaf } from '#playground/page/commands/leaf.ts'
import { type Item, itemsFor, nextRequired, remainingOptions } from '#playground/page/commands/option-items.ts'
import { type Draft, problemOf, problemsOf } from '#playground/page/commands/values.ts'
import type { Session } from '#playground/page/session/session.ts'
import type { CommandOption } from '#playground/page/wire.ts'
import { Guild } from './guild-context.ts'
import { html } from './html.ts'
import { OptionChip } from './option-chip.ts'
import { arrowTarget, comboboxOf, SuggestionList } from './suggestion-list.ts'
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

/** The field after the chips, where further options are picked. No option has the empty name. */
const more = ''

/** A command being filled in: a chip for each option, and above them what can be chosen for the one in focus. */
export function CommandEntry({ session, channel, leaf, initial, onSend, onLeave }: CommandEntryProps): VNode {
  const guild = useContext(Guild)
  const list = useId()
  const fields = useRef(new Map<string, HTMLInputElement>())
  const [draft, setDraft] = useState(initial)
  const [shown, setShown] = useState(() => leaf.options.filter(({ name, required }) => required || name in initial).map(({ name }) => name))
  const [focused, setFocused] = useState<string>()
  const [typed, setTyped] = useState('')
  const [highlighted, setHighlighted] = useState(-1)
  const [moved, setMoved] = useState(false)
  const [tried, setTried] = useState(false)

  const option = leaf.options.find(({ name }) => name === focused)
  const remote = useSuggestions(session, channel, leaf, draft, option?.autocomplete ? option.name : undefined)
  const offered = remainingOptions(leaf, shown, typed)
  const items = rowsOf(
    option,
    option && !option.autocomplete ? itemsFor(option, draft[option.name], guild) : remote.items,
    offered,
    focused,
  )
  const picked = option !== undefined && draft[option.name]?.picked !== undefined
  const listed = focused !== undefined && !picked
  // A new object each time, so that the same field can be asked for twice. Before the next key press: none may be lost.
  const [target, setTarget] = useState(() => ({ name: nextRequired(leaf, initial) ?? more }))
  const focus = (name: string) => setTarget({ name })

  useLayoutEffect(() => fields.current.get(target.name)?.focus(), [target])
  useLayoutEffect(() => {
    setHighlighted(focused === more || remote.state === 'loading' || picked ? -1 : 0)
    setMoved(false)
  }, [focused, remote.state, picked, option && draft[option.name]?.text])

  function highlight(index: number): void {
    setHighlighted(index)
    setMoved(true)
  }

  function fill(name: string, text: string, value?: Item['value']): Draft {
    const next = { ...draft, [name]: value === undefined ? { text } : { text, picked: value } }
    setDraft(next)
    return next
  }

  function pick(index: number): void {
    const item = items[index]
    if (!item || focused === undefined) return
    if (focused === more) {
      setShown([...shown, String(item.value)])
      setTyped('')
      focus(String(item.value))
    } else focus(nextRequired(leaf, fill(focused, item.label, item.value)) ?? more)
  }

  function remove(name: string): void {
    const { [name]: _, ...rest } = draft
    const required = leaf.options.find((one) => one.name === name)?.required
    const before = shown[shown.indexOf(name) - 1]
    if (required && before === undefined) onLeave(`/${leaf.name}`)
    else focus(before ?? more)
    if (required) return
    setDraft(rest)
    setShown(shown.filter((one) => one !== name))
  }

  function send(): void {
    const [problem] = problemsOf(leaf, draft)
    if (!problem) {
      onSend(draft)
      return
    }
    setTried(true)
    if (!shown.includes(problem.option)) setShown([...shown, problem.option])
    focus(problem.option)
  }

  function onKey(event: KeyboardEvent): void {
    const empty = focused === more ? typed === '' : !draft[focused ?? '']?.text
    const target = listed ? arrowTarget(event.key, highlighted, items.length) : undefined
    const takes = listed && highlighted >= 0 && items.length > 0
    if (target !== undefined) highlight(target)
    else if (event.key === 'Enter') takes ? pick(highlighted) : advance()
    else if (event.key === 'Tab' && !event.shiftKey && takes && (moved || !empty)) pick(highlighted)
    else if (event.key === 'Escape') onLeave(Object.keys(draft).length > 0 ? formatCommandLine(leaf, draft) : '')
    else if (event.key === 'Backspace' && empty && focused !== undefined) focused === more ? stepBack() : remove(focused)
    else return
    event.preventDefault()
  }

  /** Enter with nothing to pick: on to what is still needed, else off it goes. */
  function advance(): void {
    const next = nextRequired(leaf, draft)
    next !== undefined && next !== focused && !tried ? focus(next) : send()
  }

  function stepBack(): void {
    const last = shown.at(-1)
    last === undefined ? onLeave(`/${leaf.name}`) : focus(last)
  }

  const problem = tried ? problemsOf(leaf, draft)[0] : undefined
  const combobox = (name: string) => ({
    ...comboboxOf(list, listed && focused === name && items.length > 0, highlighted),
    onKeyDown: onKey,
    onFocus: () => setFocused(name),
  })
  const left = leaf.options.length - shown.length
  return html`<div class="command-entry" onFocusOut=${(event: FocusEvent) => {
    const inside = event.relatedTarget instanceof Node && (event.currentTarget as Node).contains(event.relatedTarget)
    if (!inside) setFocused(undefined)
  }}>
    ${
      listed &&
      html`<${SuggestionList} id=${list} title=${option?.name ?? `/${leaf.name}`} note=${option?.description ?? leaf.description} rows=${items} highlighted=${highlighted}
      busy=${remote.state === 'loading'} status=${statusOf(option, remote.state, items.length, offered.length)} onPick=${pick} onHighlight=${highlight} />`
    }
    ${problem && html`<p class="problem" role="alert"><strong>${problem.option}</strong> ${problem.problem}</p>`}
    <div class="composer-box">
      <div class="chips">
        <span class="command-name">/${leaf.name}</span>
        ${shown.map((name) => {
          const one = leaf.options.find((known) => known.name === name)!
          const filled = draft[name]
          return html`<${OptionChip} key=${name} option=${one} filled=${filled} combobox=${combobox(name)}
            invalid=${problemOf(one, filled) !== undefined && (tried || (focused !== name && Boolean(filled?.text)))}
            field=${(element: HTMLInputElement | null) => (element ? fields.current.set(name, element) : fields.current.delete(name))}
            onText=${(text: string) => fill(name, text)} onRemove=${() => remove(name)} />`
        })}
        <input class="more-options" ...${combobox(more)} ref=${(element: HTMLInputElement | null) => element && fields.current.set(more, element)} value=${typed} autocomplete="off"
          aria-label=${left > 0 ? `Further options for /${leaf.name}, ${left} left. Enter sends.` : `Enter sends /${leaf.name}`}
          placeholder=${left > 0 ? `+${left} optional` : ''} onInput=${(event: InputEvent) => setTyped((event.currentTarget as HTMLInputElement).value)} />
      </div>
      <button type="button" class="send" aria-label=${`Send /${leaf.name}`} onClick=${send}><span aria-hidden="true">➤</span></button>
    </div>
  </div>`
}

function rowsOf(
  option: CommandOption | undefined,
  items: readonly Item[] | undefined,
  offered: readonly CommandOption[],
  focused: string | undefined,
): readonly Item[] {
  if (option) return items ?? []
  return focused === more ? offered.map(({ name, description }) => ({ label: name, detail: description, value: name })) : []
}

function statusOf(option: CommandOption | undefined, state: string, count: number, offered: number): string | undefined {
  if (!option) return offered > 0 ? undefined : 'Enter sends the command.'
  if (state === 'loading') return count > 0 ? undefined : 'Looking for options…'
  if (state === 'failed') return 'Options could not be loaded: the bot did not answer. What you type is sent as it is.'
  if ((option.autocomplete || option.choices) && count === 0) return 'No options match your search.'
  return undefined
}
