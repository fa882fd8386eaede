declare module 'heartwood:messages' {
  const catalogue: typeof import('./en.ts').en
  export default catalogue
}

declare module 'heartwood:messages/account' {
  const catalogue: typeof import('./en/account.ts').account
  export default catalogue
}
