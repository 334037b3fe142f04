import type { Report } from '#src/kernel/report.ts'

/** A report as JSON: a picture's bytes as base64. */
export function writeReport(report: Report): string {
  const { picture } = report
  return JSON.stringify(picture ? { ...report, picture: { ...picture, png: Buffer.from(picture.png).toString('base64') } } : report)
}

export function readReport(stored: Report): Report {
  const { picture } = stored
  return picture ? { ...stored, picture: { ...picture, png: Buffer.from(picture.png as unknown as string, 'base64') } } : stored
}
