import { describe, expect, test } from 'vitest'
import { leftOut, noChromium, phone } from './support/browser.ts'
import { field, isFocused, message, soon, useStage } from './support/stage.ts'

describe.skipIf(noChromium)(`the server around the messages${leftOut}`, () => {
  const stage = useStage()

  test('channels are switched, and what came elsewhere is marked unread', async () => {
    const page = await stage.open()
    const other = await stage.open({ as: 'playground-operator' })
    await other.getByRole('button', { name: 'ops' }).click()
    await field(other).fill('Look at this')
    await field(other).press('Enter')
    await page.getByRole('button', { name: 'ops (unread)' }).click()
    await message(page, 'Look at this').waitFor()
    expect(await page.getByRole('heading', { level: 1, name: 'ops' }).isVisible()).toBe(true)
    await page.getByRole('button', { name: 'ops', exact: true }).waitFor()
  })

  test('accounts are switched by keyboard; each has its role beside it', async () => {
    const page = await stage.open()
    await page.getByRole('button', { name: /Switch account/ }).press('Enter')
    await soon(() => page.getByRole('menuitemradio').allTextContents()).toHaveLength(5)
    await page.getByRole('menuitemradio', { name: 'playground-deployer deployer' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await soon(() => new URL(page.url()).searchParams.get('as')).toBe('playground-deployer')
    const text = `from another ${Date.now()}`
    await field(page).fill(text)
    await field(page).press('Enter')
    await message(page, text).getByText('Dana (deployer)').waitFor()
  })

  test('the panel shows what runs, and breaks it', async () => {
    const page = await stage.open()
    const panel = page.getByRole('complementary', { name: 'Services and faults' })
    await panel.getByText('4242').first().waitFor()
    await panel.getByText('1.5 %').first().waitFor()
    await panel.getByText('61 MB').first().waitFor()
    expect(await panel.getByRole('link', { name: '127.0.0.1:9' }).first().getAttribute('href')).toBe('http://127.0.0.1:9')
    await panel.getByText('2 deployments').first().click()
    await panel.getByText('Write logs as JSON').first().waitFor()
    await panel.getByRole('button', { name: 'staging' }).click()
    await panel.getByText('No process.').first().waitFor()
    await panel.getByRole('button', { name: 'Railway: cut subscriptions' }).click()
    await panel.getByText('Done: killed [4242].').waitFor()
    await panel.getByText('Fill in of Railway: kill service').click()
    await panel.getByRole('combobox', { name: 'Service', exact: true }).fill('voice-processor')
    await panel.getByLabel('Replica').fill('0')
    await panel.getByRole('listitem').filter({ hasText: 'Railway: kill service' }).getByRole('button', { name: 'Inject' }).click()
    await soon(() => stage.playground.injected.at(-1)).toEqual({
      service: 'voice-processor',
      environment: 'production',
      replica: 0,
      forGood: false,
    })
  })

  test('beside the processes of a service are buttons that kill it, once or for good', async () => {
    const page = await stage.open()
    const services = page.getByRole('region', { name: 'Services', exact: true })
    const name = 'voice-processor'
    await services.getByRole('button', { name: `Kill ${name} for good` }).click()
    await soon(() => stage.playground.injected.at(-1)).toEqual({ service: name, environment: 'production', forGood: true })
    await services.getByText('Done: killed [4242].').waitFor()
    await services.getByRole('button', { name: `Kill ${name}`, exact: true }).click()
    await soon(() => stage.playground.injected.at(-1)).toEqual({ service: name, environment: 'production', forGood: false })
  })

  test('the welcome card deploys, breaks and rolls back, and goes when dismissed', async () => {
    const page = await stage.open()
    const card = page.getByRole('region', { name: 'Welcome to the Helix playground' })
    await card.getByRole('button', { name: 'Deploy', exact: true }).click()
    await soon(() => stage.bot.ran.at(-1)).toBe('deploy {"service":"voice-processor"}')
    stage.bot.finish()
    await card.getByRole('button', { name: 'Break it' }).click()
    await card.getByRole('button', { name: 'Kill voice-processor', exact: true }).click()
    await soon(() => stage.playground.injected.at(-1)).toEqual({ service: 'voice-processor', environment: 'production', forGood: false })
    await card.getByRole('button', { name: 'Kill voice-processor for good' }).click()
    await soon(() => stage.playground.injected.at(-1)).toEqual({ service: 'voice-processor', environment: 'production', forGood: true })
    await card.getByRole('button', { name: 'Deploy a version that fails its health check' }).click()
    await soon(() => stage.bot.ran.at(-1)).toBe(`deploy {"service":"voice-processor","commit":"${'b2'.repeat(20)}"}`)
    stage.bot.finish()
    await card.getByRole('button', { name: 'Roll back' }).click()
    await soon(() => page.getByRole('combobox', { name: 'service' }).inputValue()).toBe('voice-processor')
    await card.getByRole('button', { name: 'Dismiss' }).click()
    await card.waitFor({ state: 'detached' })
  })

  test('on a phone nothing is wider than the screen; panels are drawers that keep the focus and give it back', async () => {
    const page = await stage.open({ size: phone })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width)
    expect(await page.getByRole('navigation', { name: 'Channels' }).count()).toBe(0)
    const menu = page.getByRole('button', { name: 'Channels and account' })
    await menu.press('Enter')
    const drawer = page.getByRole('dialog', { name: 'Channels and account' })
    await drawer.waitFor()
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    await soon(() => isFocused(menu)).toBe(true)
    await menu.click()
    await drawer.getByRole('button', { name: 'alerts' }).click()
    await page.getByRole('heading', { level: 1, name: 'alerts' }).waitFor()
    await page.getByRole('button', { name: 'Services' }).click()
    await page.getByRole('dialog', { name: 'Services and faults' }).getByText('4242').first().waitFor()
  })
})
