import type { MessageBody } from '#src/adapters/discord/discord.ts'
import type { Action, Report, ReportDocument, Tone } from '#src/kernel/report.ts'
import { buttonRows } from './buttons.ts'
import { type CodeBlock, codeBlock } from './code-block.ts'
import { type Fields, factFields } from './fields.ts'
import { inert } from './inert.ts'
import { comfort, limits } from './limits.ts'
import { clip, plain } from './plain.ts'
import { whole } from './whole.ts'

/** Colour and sign: nobody has to tell colours apart. */
const tones: Readonly<Record<Tone, { readonly sign: string; readonly color: number }>> = {
  neutral: { sign: '🔷', color: 0x5865f2 },
  good: { sign: '✅', color: 0x2e9e5b },
  warning: { sign: '⚠️', color: 0xe5a50a },
  bad: { sign: '❌', color: 0xd93f3f },
}

export interface RenderGiven {
  /** The id that a button carries: 1 to 100 characters, another one for each action. */
  readonly customId: (action: Action) => Promise<string>
}

/**
 * A report as a Discord message: the sentence as plain content (notifications, screen readers), the rest as one embed, steps as
 * buttons. Whatever the report holds, the message keeps Discord's limits; what does not fit stands in a text file beside it.
 */
export async function renderReport(report: Report, { customId }: RenderGiven): Promise<MessageBody> {
  const content = inert(report.sentence, limits.content)
  const { sign, color } = tones[report.tone]
  const title = `${sign} ${inert(report.title, limits.title - sign.length - 1)}`.trim()
  const footer = report.operation === undefined ? undefined : { text: clip(plain(`Reference ${report.operation}`), limits.footer) }
  const table = report.table && report.table.rows.length > 0 ? codeBlock(report.table) : undefined
  const { document } = report
  const shortText = document && !table ? plain(document.markdown).trim() : ''
  const isShown = shortText !== '' && shortText.length <= comfort.documentCharacters
  const description = table?.text ?? (isShown ? shortText : undefined)
  const room = limits.embedsSum - title.length - (description?.length ?? 0) - (footer?.text.length ?? 0)
  const facts = factFields(report.facts ?? [], room)
  const picture = report.picture && report.picture.png.byteLength <= limits.fileBytes ? report.picture : undefined
  const files = [
    ...(picture ? [{ name: 'chart.png', data: picture.png, description: clip(plain(picture.alt), limits.alt) }] : []),
    ...(document && !isShown && document.markdown.trim() !== '' ? [documentFile(document)] : []),
    ...(isComplete(report, content, table, facts) ? [] : [textFile(report)]),
  ]
  return {
    content,
    embeds: [
      {
        title,
        color,
        ...(description !== undefined && { description }),
        ...(facts.fields.length > 0 && { fields: facts.fields }),
        ...(picture && { image: { url: 'attachment://chart.png' } }),
        ...(footer && { footer }),
      },
    ],
    components: await buttonRows(report.actions ?? [], customId),
    ...(files.length > 0 && { files }),
  }
}

function isComplete(report: Report, content: string, table: CodeBlock | undefined, facts: Fields): boolean {
  const cut = content.endsWith('…') && !plain(report.sentence).trim().endsWith('…')
  return !cut && table?.complete !== false && facts.complete
}

function documentFile({ name, markdown }: ReportDocument) {
  const bytes = new TextEncoder().encode(markdown.toWellFormed())
  return { name: `${slugOf(name)}.md`, data: bytes.subarray(0, limits.fileBytes), description: 'The whole text as Markdown' }
}

function textFile(report: Report) {
  const bytes = new TextEncoder().encode(whole(report))
  return { name: `${slugOf(report.title)}.txt`, data: bytes.subarray(0, limits.fileBytes), description: 'The whole answer as plain text' }
}

function slugOf(text: string): string {
  const slug = plain(text)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40)
  return slug || 'report'
}
