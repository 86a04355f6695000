/** What a data directory holds is not as it must be; the message says what, and what to do. Nothing was changed. */
export class DataError extends Error {
  override readonly name = 'DataError'
}

/**
 * The rooms below say in a plain Error what is wrong with files that they read; here it becomes a known reason. Bugs
 * have classes of their own (TypeError, RangeError, ZodError) or a system code, and pass as they are.
 */
export async function reasonOfData<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Error && error.name === 'Error' && !('code' in error))
      throw new DataError(error.message, { cause: error })
    throw error
  }
}
