import { render } from 'preact'
import { App } from '#playground/page/view/app.ts'
import { html } from '#playground/page/view/html.ts'

render(html`<${App} />`, document.body)
