import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { html } from './html.ts'

export interface Row {
  readonly label: string
  readonly detail?: string | undefined
}

interface SuggestionListProps {
  readonly id: string
  readonly title: string
  readonly note?: string | undefined
  readonly rows: readonly Row[]
  readonly highlighted: number
  /** Shown in place of rows: nothing found, still asking, what went wrong. */
  readonly status?: string | undefined
  readonly busy?: boolean
  onPick(index: number): void
  onHighlight(index: number): void
}

/** The list above the composer. The field keeps the focus; `aria-activedescendant` on it names the row. */
export function SuggestionList({
  id,
  title,
  note,
  rows,
  highlighted,
  status,
  busy = false,
  onPick,
  onHighlight,
}: SuggestionListProps): VNode {
  useEffect(() => {
    document.getElementById(rowId(id, highlighted))?.scrollIntoView({ block: 'nearest' })
  }, [id, highlighted])
  return html`<div class="suggestions" onMouseDown=${(event: Event) => event.preventDefault()}>
    <p class="suggestions-title"><strong>${title}</strong>${note && html` <span>${note}</span>`}${busy && html`<span class="spinner" aria-hidden="true"></span>`}</p>
    <p class="suggestions-status" role="status">${status ?? ''}</p>
    <ul id=${id} role="listbox" aria-label=${title}>
      ${rows.map(
        (
          row,
          index,
        ) => html`<li id=${rowId(id, index)} role="option" aria-selected=${index === highlighted} class=${index === highlighted ? 'active' : ''}
          onMouseMove=${() => onHighlight(index)} onClick=${() => onPick(index)}>
          <span>${row.label}</span>${row.detail && html`<small>${row.detail}</small>`}
        </li>`,
      )}
    </ul>
  </div>`
}

export function rowId(list: string, index: number): string {
  return `${list}-${index}`
}

/** Attributes of a one-line field that a list belongs to. */
export function comboboxOf(list: string, open: boolean, highlighted: number): Record<string, unknown> {
  return { role: 'combobox', 'aria-expanded': open, ...textboxOf(list, open, highlighted) }
}

/** The same for a field of several lines, which may not be a combobox. */
export function textboxOf(list: string, open: boolean, highlighted: number): Record<string, unknown> {
  return {
    'aria-autocomplete': 'list',
    'aria-haspopup': 'listbox',
    'aria-controls': open ? list : undefined,
    'aria-activedescendant': open && highlighted >= 0 ? rowId(list, highlighted) : undefined,
  }
}

/** The row that an arrow key leads to, round at the ends; undefined for other keys. */
export function arrowTarget(key: string, highlighted: number, count: number): number | undefined {
  if (count === 0) return undefined
  if (key === 'ArrowDown') return (highlighted + 1) % count
  if (key === 'ArrowUp') return highlighted <= 0 ? count - 1 : highlighted - 1
  return undefined
}
