/** '+44 (0)808 …' has a nought that is only dialled inside the country. */
const dialled = (number: string) => number.replace(/^(\+.*?)\(0\)/, '$1').replace(/[^\d+*#]/g, '')

export const telephone = (number: string): string => `tel:${dialled(number)}`
export const textMessage = (number: string): string => `sms:${dialled(number)}`
