import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RedisServer } from '#src/launch/redis.ts'
import { redisServer } from '../../support/redis.ts'
import { violations } from './support/axe.ts'
import { leftOut, noChromium } from './support/browser.ts'
import { soon, useStage } from './support/stage.ts'

describe.skipIf(noChromium)(`something to watch${leftOut}`, () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await redisServer()
  })
  afterAll(() => redis.stop())
  const stage = useStage({ redis: () => redis.url })

  test('visitors are sent and called back by keyboard; what they are answered stands below', async () => {
    const page = await stage.open()
    const section = page.getByRole('region', { name: 'Visitors in production' })
    const rate = section.getByLabel('voice-processor')
    await rate.focus()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('20')
    await page.keyboard.press('Enter')
    await section.getByText('20 a second visit voice-processor.').waitFor()
    await section.getByText(/sent · 100 % failing/).waitFor()
    expect(stage.playground.visitors.state()).toMatchObject([{ service: 'voice-processor', environment: 'production', perSecond: 20 }])
    expect(await violations(page)).toEqual([])
    await rate.fill('201')
    await page.keyboard.press('Tab')
    await soon(() => rate.inputValue()).toBe('20')
    await rate.fill('0')
    await page.keyboard.press('Tab')
    await section.getByText('Nobody visits voice-processor any more.').waitFor()
    await soon(() => stage.playground.visitors.state()).toEqual([])
    await soon(() => section.getByText(/sent/).count()).toBe(0)
  })

  test('a message is published once, or steadily with a trend, and stopped', async () => {
    const page = await stage.open()
    const section = page.getByRole('region', { name: 'Streams in production' })
    await section.getByLabel('Message').selectOption('manager')
    await section.getByText('The manager’s level, metrics on 0–10.').waitFor()
    await section.getByRole('button', { name: 'Publish one' }).click()
    await section.getByText('Published on consciousness:stream; 0 listeners.').waitFor()
    await section.getByLabel('Channel').selectOption('ucf-metrics')
    await section.getByLabel(/^Level \d/).fill('4.5')
    await section.getByLabel('A second').fill('5')
    await section.getByLabel('Trend a minute').fill('-0.5')
    await page.keyboard.press('Enter')
    await section.getByText('manager is published on ucf-metrics.').waitFor()
    await section.getByText(/5 a second · level 4\.\d \(-0\.5 a minute\) · [1-9]\d* published · 0 hear it/).waitFor()
    expect(await violations(page)).toEqual([])
    await section.getByRole('button', { name: 'Stop manager on ucf-metrics' }).click()
    await soon(() => stage.playground.publishers.state()).toEqual([])
    await soon(() => section.getByRole('button', { name: /^Stop/ }).count()).toBe(0)
  })
})
