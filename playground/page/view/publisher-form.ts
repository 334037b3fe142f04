import type { VNode } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { Publisher, Shape } from '#playground/page/session/playground-state.ts'
import { html } from './html.ts'

export interface PublisherWanted {
  readonly shape: string
  readonly channel: string
  readonly perSecond: number
  readonly level: number
  readonly trendPerMinute: number
}

interface PublisherFormProps {
  readonly shapes: readonly Shape[]
  readonly running: readonly Publisher[]
  onStart(wanted: PublisherWanted): void
  onPublishOne(wanted: PublisherWanted): void
}

const start = { channel: '', perSecond: '1', level: '7', trendPerMinute: '0' } as const

/** What to publish, where, how often, and how the level goes. */
export function PublisherForm({ shapes, running, onStart, onPublishOne }: PublisherFormProps): VNode {
  const id = useId()
  const [values, setValues] = useState<Readonly<Record<string, string>>>({ ...start, shape: shapes[0]?.shape ?? '' })
  const shape = shapes.find((one) => one.shape === values.shape) ?? shapes[0]!
  const channel = values.channel || shape.channels[0]!
  const wanted = (): PublisherWanted => ({
    shape: shape.shape,
    channel,
    perSecond: Number(values.perSecond),
    level: Number(values.level),
    trendPerMinute: Number(values.trendPerMinute),
  })
  const bind = (name: string) => ({
    id: `${id}-${name}`,
    value: values[name],
    onInput: (event: Event) => setValues({ ...values, [name]: (event.currentTarget as HTMLInputElement).value }),
  })
  const label = (name: string, text: string) => html`<label for=${`${id}-${name}`}>${text}</label>`
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const isOne = (event.submitter as HTMLButtonElement | null)?.value === 'one'
    if (isOne) onPublishOne(wanted())
    else onStart(wanted())
  }
  const isRunning = running.some((one) => one.shape === shape.shape && one.channel === channel)
  return html`<form class="publisher-form" onSubmit=${submit}>
    ${label('shape', 'Message')}
    <select ...${bind('shape')} onChange=${(event: Event) => setValues({ ...values, channel: '', shape: (event.currentTarget as HTMLSelectElement).value })}>
      ${shapes.map((one) => html`<option value=${one.shape}>${one.shape}</option>`)}
    </select>
    <p class="quiet">${shape.describe}</p>
    ${label('channel', 'Channel')}
    <select ...${bind('channel')} value=${channel}>${shape.channels.map((name) => html`<option value=${name}>${name}</option>`)}</select>
    ${label('level', `Level ${values.level}`)}
    <input ...${bind('level')} type="range" min="0" max="10" step="0.1" />
    <div class="pair">
      <div>${label('perSecond', 'A second')}<input ...${bind('perSecond')} type="number" min="0.01" max="1000" step="any" required /></div>
      <div>${label('trendPerMinute', 'Trend a minute')}<input ...${bind('trendPerMinute')} type="number" min="-600" max="600" step="any" required /></div>
    </div>
    <div class="component-row">
      <button class="button primary">${isRunning ? 'Change' : 'Start'}</button>
      <button class="button secondary" value="one">Publish one</button>
    </div>
  </form>`
}
