import { expect, test } from 'vitest'
import type { MessageBody } from '#src/adapters/discord/discord.ts'
import { renderReport } from '#src/doors/render/render-report.ts'
import { discordMessage } from './discord-shape.ts'
import { typicalReports } from './typical-reports.ts'

test.each(Object.entries(typicalReports))('%s reads as it did (vitest -u after a change that was meant)', async (name, report) => {
  const message = await renderReport(report, { customId: async ({ label }) => `signed:${label}` })
  discordMessage.parse(message)
  await expect(`${JSON.stringify(readable(message), null, 2)}\n`).toMatchFileSnapshot(`../../golden/${name}.json`)
})

/** Files as people see them, multi-line text as lines. */
function readable({ files, ...message }: MessageBody): unknown {
  const seen = files?.map(({ data, ...file }) => ({
    ...file,
    data: file.name.endsWith('.txt') ? new TextDecoder().decode(data) : `${data.byteLength} bytes`,
  }))
  return JSON.parse(JSON.stringify({ ...message, ...(seen && { files: seen }) }), (_, value) =>
    typeof value === 'string' && value.includes('\n') ? value.split('\n') : value,
  )
}
