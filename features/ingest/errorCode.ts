/** The `code` of a thrown value, such as ENOENT; '' where it has none. Not by instanceof: errors cross realms. */
export const errorCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
