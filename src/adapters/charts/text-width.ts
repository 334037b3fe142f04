/** Advance widths of Inter Regular, U+0020 to U+007E, in thousandths of the font size (its table hmtx). */
const inter = [
  281, 288, 466, 633, 642, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 631, 407, 610, 618, 646, 593, 620, 566, 619, 620, 288,
  302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601, 590, 746, 743, 269, 571, 672, 565, 903, 753, 765, 639, 765, 644, 642, 646, 744,
  690, 985, 682, 679, 629, 365, 360, 365, 471, 456, 323, 562, 612, 571, 612, 583, 370, 613, 591, 242, 242, 549, 242, 876, 591, 600, 612,
  612, 376, 528, 327, 591, 562, 818, 546, 562, 552, 426, 333, 426, 662,
]
/** Of what is not in the table, and how much wider the semibold cut is at most. */
const other = 700
const semibold = 1.06

/** How wide a text is drawn, in pixels, for a CSS font such as `600 20px Inter`. Never less than it is. */
export function textWidth(text: string, font: string): number {
  const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12)
  const thousandths = [...text].reduce((sum, character) => sum + (inter[character.codePointAt(0)! - 0x20] ?? other), 0)
  return (thousandths * size * (/\b(?:bold|[6-9]00)\b/.test(font) ? semibold : 1)) / 1_000
}
