const dialled = (number: string) => number.replace(/[^\d+*#]/g, '')

export const telephone = (number: string): string => `tel:${dialled(number)}`
export const textMessage = (number: string): string => `sms:${dialled(number)}`
