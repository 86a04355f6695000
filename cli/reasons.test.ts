import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IngestError } from '../features/ingest/report.js'
import { DataError, reasonOfData } from '../serving/dataError.js'
import { BlobError } from '../storage/blobs.js'
import { Failure, UsageError } from './output.js'
import { reasonOf } from './reasons.js'

test.each([
  [new UsageError('wrong'), 2],
  [new IngestError('NO_FILES', 'wrong'), 2],
  [new Failure('wrong'), 1],
  [new DataError('wrong'), 1],
  [new BlobError('blob-damaged', 'wrong'), 1],
])('%s is expected', (error, exitCode) => expect(reasonOf(error)).toEqual({ message: 'wrong', exitCode }))

test.each([[new TypeError('x')], [new RangeError('x')], [new Error('x')], ['x']])('%s is a bug', (error) =>
  expect(reasonOf(error)).toBeNull(),
)

const absent = '"no-such-file" is absent (ENOENT)'
const noFolder = '"no-folder" is, or lies below, a file where a folder is needed (ENOTDIR)'
test('what the system refuses is told by the last name of the path', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'reasons-'))
  const systemError = async (work: Promise<unknown>): Promise<Error> =>
    work.then(
      () => new Error('nothing was refused'),
      // The runner's realm has an Error of its own: the same facts in ours.
      (error: NodeJS.ErrnoException) => Object.assign(new Error(error.message), { ...error }),
    )
  expect(reasonOf(await systemError(readFile(join(dir, 'no-such-file'))))).toEqual({ message: absent, exitCode: 1 })
  const file = join(import.meta.dirname, 'reasons.ts')
  expect(reasonOf(await systemError(readdir(join(file, 'no-folder'))))).toEqual({ message: noFolder, exitCode: 1 })
  await rm(dir, { recursive: true })
})

test('a plain error of what was read is a reason; a bug passes', async () => {
  await expect(reasonOfData(Promise.reject(new Error('the list is damaged')))).rejects.toBeInstanceOf(DataError)
  await expect(reasonOfData(Promise.reject(new TypeError('bug')))).rejects.toBeInstanceOf(TypeError)
  expect(await reasonOfData(Promise.resolve(1))).toBe(1)
})
