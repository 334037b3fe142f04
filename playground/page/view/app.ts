import type { VNode } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { createApi } from '#playground/page/session/api.ts'
import type { Account } from '#playground/page/session/playground-state.ts'
import { HelixMark } from './avatar.ts'
import { html } from './html.ts'
import { ServerView } from './server-view.ts'
import { usePlayground } from './use-playground.ts'

/** Which account acts stands in the address (`?as=playground-viewer`): two tabs can be two people. */
const parameter = 'as'

export function App(): VNode {
  const api = useMemo(() => createApi(location.origin, ''), [])
  const playground = usePlayground(api)
  const [token, setToken] = useState(() => new URLSearchParams(location.search).get(parameter))
  const { state } = playground
  const account = state?.accounts.find((one) => one.token === token) ?? state?.accounts[0]
  if (!state || !account) {
    const text = playground.away ? 'The playground cannot be reached. Trying again…' : 'Opening the playground…'
    return html`<main class="opening"><${HelixMark} /><p role="status">${text}</p></main>`
  }
  const select = ({ token: next }: Account) => {
    history.replaceState(null, '', `?${new URLSearchParams({ [parameter]: next })}`)
    setToken(next)
  }
  return html`<${ServerView} api=${api} playground=${playground} state=${state} account=${account} onAccount=${select} />`
}
