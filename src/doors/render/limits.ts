/** Discord's limits on a message, in characters unless it says otherwise. https://discord.com/developers/docs/resources/message */
export const limits = {
  content: 2_000,
  title: 256,
  description: 4_096,
  fields: 25,
  fieldName: 256,
  fieldValue: 1_024,
  footer: 2_048,
  /** Over all texts of all embeds. */
  embedsSum: 6_000,
  alt: 1_024,
  fileBytes: 10 * 1024 * 1024,
  rows: 5,
  buttonsPerRow: 5,
  customId: 100,
} as const

/** What reads well on a phone, below what Discord would take. */
export const comfort = {
  buttonLabel: 34,
  tableColumns: 40,
  tableLines: 15,
  tableCharacters: 1_000,
  /** A longer document is a file. */
  documentCharacters: 1_500,
  /** A fact with a value of at most so many characters stands beside others. */
  inlineFact: 24,
} as const
