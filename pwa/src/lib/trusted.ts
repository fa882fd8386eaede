// The one place where a string may become HTML or a script's address (CSP: require-trusted-types-for 'script').

interface Rules {
  createHTML(html: string): string
  createScriptURL(url: string): string
}

const rules: Rules = {
  // Readings are cleaned on the server (nh3) before they are served.
  createHTML: (html) => html,
  createScriptURL: (url) => {
    if (url !== '/sw.js') throw new TypeError(`not a script of this app: ${url}`)
    return url
  },
}

interface TrustedTypesFactory {
  createPolicy(name: string, rules: Rules): Rules
}

const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes
const policy = factory?.createPolicy('heartwood', rules) ?? rules

/** HTML of the library's texts, for {@html}. Nothing a person typed may ever come here. */
export const libraryHtml = (html: string): string => policy.createHTML(html)

export const serviceWorkerUrl = (): string => policy.createScriptURL('/sw.js')
