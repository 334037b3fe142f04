import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Account } from '#playground/page/session/playground-state.ts'
import { Avatar } from './avatar.ts'
import { html } from './html.ts'

interface AccountSwitcherProps {
  readonly accounts: readonly Account[]
  readonly selected: Account
  onSelect(account: Account): void
}

/** Who is at the keyboard. Each account has the Helix role shown, so each sees other answers. */
export function AccountSwitcher({ accounts, selected, onSelect }: AccountSwitcherProps): VNode {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (open) menu.current?.querySelector<HTMLElement>('[aria-checked=true]')?.focus()
  }, [open])
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  function onKey(event: KeyboardEvent): void {
    const rows = [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitemradio]') ?? [])]
    const at = rows.indexOf(document.activeElement as HTMLElement)
    if (event.key === 'ArrowDown') rows[(at + 1) % rows.length]?.focus()
    else if (event.key === 'ArrowUp') rows.at(at - 1)?.focus()
    else if (event.key === 'Escape') close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return html`<div class="account" onFocusOut=${(event: FocusEvent) => {
    const inside = event.relatedTarget instanceof Node && (event.currentTarget as Node).contains(event.relatedTarget)
    if (!inside) setOpen(false)
  }}>
    ${
      open &&
      html`<div ref=${menu} class="account-menu" role="menu" aria-label="Switch account" onKeyDown=${onKey}>
      ${accounts.map(
        (account) => html`<button type="button" role="menuitemradio" aria-checked=${account.token === selected.token} tabindex="-1"
          onClick=${() => {
            close()
            onSelect(account)
          }}><${Who} account=${account} /></button>`,
      )}
    </div>`
    }
    <button ref=${button} type="button" class="account-button" aria-haspopup="menu" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <${Who} account=${selected} /><span aria-hidden="true">⇅</span><span class="unseen">Switch account</span>
    </button>
  </div>`
}

function Who({ account }: { account: Account }): VNode {
  return html`<${Avatar} id=${account.id} name=${account.name} size=${32} />
    <span class="who"><strong>${account.name}</strong><small>${account.role ?? 'no role'}</small></span>`
}
