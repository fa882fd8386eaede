// What is shown when a push cannot be read: browsers take the permission away from apps that show nothing.
export const FALLBACK = { title: 'Heartwood', body: 'A quiet moment, if you want one.' }
