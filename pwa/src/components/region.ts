/** The country that the device's languages name ('en-GB' is 'GB'); null when none does. */
export function deviceRegion(languages: readonly string[] = navigator.languages): string | null {
  for (const language of languages) {
    const { region } = new Intl.Locale(language)
    if (region && /^[A-Z]{2}$/.test(region)) return region
  }
  return null
}
