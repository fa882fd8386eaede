declare module 'heartwood:messages' {
  const catalogue: typeof import('./en.ts').en
  export default catalogue
}
