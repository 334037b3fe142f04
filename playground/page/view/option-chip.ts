import type { VNode } from 'preact'
import type { Filled } from '#playground/page/commands/values.ts'
import { type CommandOption, optionTypes } from '#playground/page/wire.ts'
import { html } from './html.ts'

interface OptionChipProps {
  readonly option: CommandOption
  readonly filled: Filled | undefined
  readonly invalid: boolean
  readonly combobox: Record<string, unknown>
  field(element: HTMLInputElement | null): void
  onText(text: string): void
  onRemove(): void
}

/** One option of a command: its name and a field as wide as what is in it. */
export function OptionChip({ option, filled, invalid, combobox, field, onText, onRemove }: OptionChipProps): VNode {
  const text = filled?.text ?? ''
  const numeric = option.type === optionTypes.integer || option.type === optionTypes.number
  return html`<span class=${invalid ? 'chip invalid' : 'chip'}>
    <label><span>${option.name}</span>
      <input ...${combobox} ref=${field} value=${text} autocomplete="off" spellcheck=${false} inputmode=${numeric ? 'numeric' : undefined}
        aria-label=${option.name} aria-description=${option.description} aria-required=${option.required ?? false} aria-invalid=${invalid}
        style=${{ width: `${Math.max(3, text.length + 1)}ch` }} onInput=${(event: InputEvent) => onText((event.currentTarget as HTMLInputElement).value)} />
    </label>
    ${!option.required && html`<button type="button" tabindex="-1" class="chip-remove" aria-label=${`Remove ${option.name}`} onClick=${onRemove}>×</button>`}
  </span>`
}

interface MoreOptionsProps {
  readonly command: string
  /** How many options are not shown yet. */
  readonly left: number
  readonly text: string
  readonly combobox: Record<string, unknown>
  field(element: HTMLInputElement | null): void
  onText(text: string): void
}

/** The field behind the chips: further options are found here, and Enter sends. */
export function MoreOptions({ command, left, text, combobox, field, onText }: MoreOptionsProps): VNode {
  const label = left > 0 ? `Further options for /${command}, ${left} left. Enter sends.` : `Enter sends /${command}`
  return html`<input class="more-options" ...${combobox} ref=${field} value=${text} autocomplete="off" aria-label=${label}
    placeholder=${left > 0 ? `+${left} optional` : ''} onInput=${(event: InputEvent) => onText((event.currentTarget as HTMLInputElement).value)} />`
}
