import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Api } from '#playground/page/session/api.ts'
import type { Publisher, Shape } from '#playground/page/session/playground-state.ts'
import { html } from './html.ts'
import { outcomeOf } from './inject-fault.ts'
import { PublisherForm, type PublisherWanted } from './publisher-form.ts'

interface PublishersSectionProps {
  readonly api: Api
  readonly environment: string
  readonly publishers: readonly Publisher[]
  readonly shapes: readonly Shape[]
}

/** Who publishes on the environment's Redis, and a form for more. */
export function PublishersSection({ api, environment, publishers, shapes }: PublishersSectionProps): VNode {
  const [outcome, setOutcome] = useState('')
  const here = publishers.filter((one) => one.environment === environment)
  const say = async (act: () => Promise<string>) => setOutcome(await outcomeOf(act))
  const set = (wanted: PublisherWanted) =>
    say(async () => {
      await api.setPublisher({ ...wanted, environment })
      return wanted.perSecond === 0
        ? `Stopped: ${wanted.shape} on ${wanted.channel}.`
        : `${wanted.shape} is published on ${wanted.channel}.`
    })
  const publishOne = ({ shape, channel, level }: PublisherWanted) =>
    say(async () => {
      const { hearers } = await api.publish({ environment, shape, channel, level })
      return `Published on ${channel}; ${hearers === 1 ? '1 listener' : `${hearers} listeners`}.`
    })
  const stop = ({ shape, channel }: Publisher) => set({ shape, channel, perSecond: 0, level: 0, trendPerMinute: 0 })
  return html`<section aria-labelledby="publishers-title">
    <h2 id="publishers-title">Streams in ${environment}</h2>
    <p class="outcome" role="status">${outcome}</p>
    ${
      here.length > 0 &&
      html`<ul class="publishers">
        ${here.map((one) => html`<${Running} key=${`${one.shape} ${one.channel}`} publisher=${one} onStop=${() => stop(one)} />`)}
      </ul>`
    }
    <${PublisherForm} shapes=${shapes} running=${here} onStart=${set} onPublishOne=${publishOne} />
  </section>`
}

function Running({ publisher, onStop }: { publisher: Publisher; onStop(): void }): VNode {
  const { shape, channel, perSecond, level, trendPerMinute, published, lost, hearers } = publisher
  const trend = trendPerMinute === 0 ? '' : ` (${trendPerMinute > 0 ? '+' : ''}${trendPerMinute} a minute)`
  const figures = [`${perSecond} a second`, `level ${level.toFixed(1)}${trend}`, `${published} published`, `${hearers} hear it`]
  return html`<li>
    <span><strong>${shape}</strong> <code>${channel}</code></span>
    <button type="button" class="text-button" aria-label=${`Stop ${shape} on ${channel}`} onClick=${onStop}>Stop</button>
    <small class="figures">${[...figures, ...(lost > 0 ? [`${lost} lost`] : [])].join(' · ')}</small>
  </li>`
}
