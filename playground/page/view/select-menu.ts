import type { VNode } from 'preact'
import { useContext, useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Component, SelectOption } from '#playground/page/wire.ts'
import { Guild, type GuildContext } from './guild-context.ts'
import { html } from './html.ts'

interface SelectMenuProps {
  readonly component: Component
  readonly busy?: boolean
  readonly label?: string
  onPick(values: readonly string[]): void
}

/** A select of any kind: one value is taken at once, several when the list is closed. */
export function SelectMenu({ component, busy = false, label, onPick }: SelectMenuProps): VNode {
  const options = optionsOf(component, useContext(Guild))
  const least = component.min_values ?? 1
  const most = component.max_values ?? 1
  const several = most > 1
  const id = useId()
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const [chosen, setChosen] = useState<readonly string[]>(options.filter((one) => one.default).map(({ value }) => value))
  const before = useRef(chosen)
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    if (open) list.current?.focus()
  }, [open])
  useEffect(() => {
    if (open) document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [open, active])

  function close(refocus = true): void {
    setOpen(false)
    if (refocus) button.current?.focus()
    if (!several || chosen === before.current) return
    if (chosen.length >= least) onPick(chosen)
    else setChosen(before.current)
  }

  function pick({ value }: SelectOption): void {
    if (!several) {
      setChosen([value])
      setOpen(false)
      button.current?.focus()
      onPick([value])
    } else if (chosen.includes(value)) setChosen(chosen.filter((one) => one !== value))
    else if (chosen.length < most) setChosen([...chosen, value])
  }

  function onKey(event: KeyboardEvent): void {
    const option = options[active]
    const steps: Record<string, () => void> = {
      ArrowDown: () => setActive(Math.min(options.length - 1, active + 1)),
      ArrowUp: () => setActive(Math.max(0, active - 1)),
      Home: () => setActive(0),
      End: () => setActive(options.length - 1),
      Enter: () => option && pick(option),
      ' ': () => option && pick(option),
      Escape: () => close(),
    }
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    event.stopPropagation()
    step()
  }

  const names = options.filter(({ value }) => chosen.includes(value)).map((one) => one.label)
  const placeholder = component.placeholder ?? 'Make a selection'
  return html`<div class="select">
    <button type="button" ref=${button} class="select-button" disabled=${component.disabled || busy} aria-busy=${busy} aria-haspopup="listbox" aria-expanded=${open}
      aria-label=${`${label ?? placeholder}${names.length ? `: ${names.join(', ')}` : ''}`}
      onClick=${() => {
        before.current = chosen
        setActive(
          Math.max(
            0,
            options.findIndex(({ value }) => chosen.includes(value)),
          ),
        )
        setOpen(!open)
      }}>
      <span class=${names.length ? '' : 'placeholder'}>${names.join(', ') || placeholder}</span><span aria-hidden="true">▾</span>
    </button>
    ${
      open &&
      html`<ul ref=${list} class="select-list" role="listbox" tabindex="-1" aria-label=${label ?? placeholder} aria-multiselectable=${several}
      aria-activedescendant=${`${id}-${active}`} onKeyDown=${onKey} onBlur=${() => close(false)}>
      ${options.map(
        (
          option,
          index,
        ) => html`<li id=${`${id}-${index}`} role="option" aria-selected=${chosen.includes(option.value)} class=${index === active ? 'active' : ''}
          onMouseDown=${(event: Event) => event.preventDefault()} onClick=${() => pick(option)}>
          <span>${option.label}</span>${option.description && html`<small>${option.description}</small>`}
        </li>`,
      )}
    </ul>`
    }
  </div>`
}

function optionsOf({ type, options = [] }: Component, guild: GuildContext): readonly SelectOption[] {
  const named = (prefix: string, list: readonly { id: string; name: string }[]) =>
    list.map(({ id, name }) => ({ label: `${prefix}${name}`, value: id }))
  if (type === 5) return named('@', guild.users)
  if (type === 6) return named('@', guild.roles)
  if (type === 7) return [...named('@', guild.users), ...named('@', guild.roles)]
  if (type === 8) return named('#', guild.channels)
  return options
}
