/** Which of the two designs is shown, and how large the text is. */

export type ThemeChoice = 'auto' | 'light' | 'dark'
export type Theme = 'light' | 'dark'

const EVENING = 21
const MORNING = 7
const GROUND: Record<Theme, string> = { light: '#faf6f0', dark: '#1c1714' }

/** On `auto` the evening is dark from 21:00 to 7:00 local time, whatever the system says. */
export function themeAt(choice: ThemeChoice, hour: number, systemIsDark: boolean): Theme {
  if (choice !== 'auto') return choice
  return systemIsDark || hour >= EVENING || hour < MORNING ? 'dark' : 'light'
}

/** Shows the theme of a choice at a local hour, on the page and in the browser's own bars. */
export function applyTheme(choice: ThemeChoice, hour: number): void {
  const system = matchMedia('(prefers-color-scheme: dark)').matches
  const theme = themeAt(choice, hour, system)
  document.documentElement.dataset.theme = theme
  for (const meta of document.querySelectorAll('meta[name=theme-color]')) {
    meta.setAttribute('content', GROUND[theme])
  }
}

/** `scale` 0.9 to 1.4 multiplies the browser's own text size. */
export function applyTextSize(scale: number): void {
  document.documentElement.style.setProperty('--text-scale', String(scale))
}
