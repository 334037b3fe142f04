import { fileURLToPath } from 'node:url'
import { chartOption, fontFamily } from './chart-option.ts'
import type { Charts } from './charts.ts'
import { layoutOf } from './layout.ts'
import { readable } from './readable-panel.ts'
import { textWidth } from './text-width.ts'

/** Twice the pixels: Discord shows pictures scaled down, and sharp on dense screens. */
const scale = 2
const fonts = ['400Regular/Inter_400Regular', '600SemiBold/Inter_600SemiBold'].map((name) =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${name}.ttf`)),
)

/** Apache ECharts to SVG, resvg to PNG. Both are loaded at the first drawing: an idle bot pays nothing. https://echarts.apache.org/handbook/en/how-to/cross-platform/server */
export function createCharts(): Charts {
  return {
    draw: async (title, panels, range) => {
      const [echarts, { renderAsync }] = await Promise.all([import('echarts'), import('@resvg/resvg-js')])
      // Without a browser ECharts guesses widths, too small for this font: legends ran over the edge.
      echarts.setPlatformAPI({ measureText: (text, font = '') => ({ width: textWidth(text, font) }) })
      const shown = panels.map(readable)
      const layout = layoutOf(shown)
      const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: layout.width, height: layout.height })
      try {
        chart.setOption(chartOption(title, shown, range, layout))
        const image = await renderAsync(chart.renderToSVGString(), {
          fitTo: { mode: 'zoom', value: scale },
          font: { loadSystemFonts: false, fontFiles: fonts, defaultFontFamily: fontFamily },
        })
        return image.asPng()
      } finally {
        chart.dispose()
      }
    },
  }
}
