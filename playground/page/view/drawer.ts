import type { VNode } from 'preact'
import { useDialog } from './hooks.ts'
import { html } from './html.ts'

interface DrawerProps {
  readonly side: 'left' | 'right'
  readonly label: string
  /** There is room: it stands beside the messages at all times. */
  readonly fixed: boolean
  readonly open: boolean
  readonly children?: unknown
  onClose(): void
}

/** A panel beside the messages; where there is no room for it, a dialog that slides over them. */
export function Drawer({ side, label, fixed, open, children, onClose }: DrawerProps): VNode | null {
  if (fixed) return html`<aside class=${`panel ${side}`} aria-label=${label}>${children}</aside>`
  return open ? html`<${Sliding} side=${side} label=${label} onClose=${onClose}>${children}<//>` : null
}

function Sliding({ side, label, children, onClose }: Omit<DrawerProps, 'fixed' | 'open'>): VNode {
  const dialog = useDialog()
  // A press on the dialog itself, not on what is in it, is one on the shade around it.
  return html`<dialog ref=${dialog} class=${`drawer ${side}`} aria-label=${label} onClose=${onClose} onClick=${(event: Event) => event.target === dialog.current && onClose()}>
    <div class=${`panel ${side}`}><button type="button" class="icon-button drawer-close" aria-label=${`Close ${label}`} onClick=${onClose}>×</button>${children}</div>
  </dialog>`
}
