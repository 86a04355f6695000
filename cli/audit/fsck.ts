import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { type Fsck, fsck } from '../../audit/fsck.js'
import { logFolder } from '../../audit/ledger.js'
import { folders } from '../../serving/home.js'
import { type Common, withCommon } from '../options.js'
import { Failure, print, progress, UsageError } from '../output.js'

async function check({ data, json, rebuild }: Common & { readonly rebuild: boolean }): Promise<void> {
  const dir = join(data, folders.ledger)
  if (!existsSync(join(dir, logFolder)))
    throw new UsageError('there is no ledger in the data directory; it is made with the first recommendation')
  const bar = progress()
  const onSegment = (done: number, total: number): void => bar.update('segments', done, total)
  const found = await fsck(dir, { rebuild, onSegment }).finally(bar.stop)
  print(json, found, () => inWords(found))
  const left = found.findings.filter(({ part }) => !found.rebuilt.some((each) => each === part))
  const [first] = left
  if (first === undefined) return
  const canRebuild = left.every(({ part }) => part === 'index' || part === 'tree')
  throw new Failure(
    `${first.part}: ${first.what}${canRebuild ? '. Add --rebuild to make it anew from the segments' : ''}`,
  )
}

const inWords = ({ segments, entries, tornBytes, behind, checkpoint, findings, rebuilt }: Fsck): string =>
  [
    `${entries} entries in ${segments} segments; ${checkpoint === null ? 'no checkpoint' : `checkpoint of ${checkpoint}`}`,
    ...(tornBytes === 0
      ? []
      : [`${tornBytes} bytes of a group that was never answered: the next opening cuts them off`]),
    ...Object.entries(behind)
      .filter(([, entriesBehind]) => entriesBehind > 0)
      .map(([part, entriesBehind]) => `${part}: ${entriesBehind} entries behind; the next opening adds them`),
    ...findings.map(({ part, what }) => `${part}: ${what}`),
    ...rebuilt.map((part) => `${part}: made anew`),
    ...(findings.length === 0 ? ['segments, index, tree, checkpoint and key agree'] : []),
  ].join('\n')

export const fsckCommand = (): Command =>
  withCommon(
    new Command('fsck')
      .description('whether segments, index, tree, checkpoint and key agree; changes no segment')
      .option('--rebuild', 'makes an index or a tree that disagrees anew', false),
  ).action(check)
