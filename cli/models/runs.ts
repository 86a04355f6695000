import { join } from 'node:path'
import { reasonOfData } from '../../serving/dataError.js'
import { folders } from '../../serving/home.js'
import { readRun } from '../../training/run.js'
import { refuseEmpty } from '../open.js'

/** A run of a data directory, which a server may hold: runs do not change. */
export async function storedRun(data: string, id: string): ReturnType<typeof readRun> {
  await refuseEmpty(data)
  return reasonOfData(readRun(join(data, folders.runs), id))
}
