/** Where the pathway is read: known before any of its pages is made. */
export const address = '/pathway' as const
