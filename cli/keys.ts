import { Command, Option } from 'commander'
import { join } from 'node:path'
import { type FirmId } from '../features/schema/ids.js'
import { keysFile } from '../serving/home.js'
import { createKeys, type Keys, type Scope, scopes } from '../serving/http/keys.js'
import { defaultFirm } from '../serving/investorKey.js'
import { lockDirectory } from '../storage/processLock.js'
import { refuseEmpty } from './open.js'
import { type Common, firm, withCommon } from './options.js'
import { Failure, print } from './output.js'

type Adding = Common & { readonly firm: FirmId; readonly scope: Scope }

const keysOf = (data: string): Promise<Keys> => createKeys(join(data, keysFile))

export function keysCommand(): Command {
  return new Command('keys')
    .description('who may ask: a key is for one firm and one scope')
    .addCommand(
      withCommon(
        new Command('add').description(
          'makes a key and prints it, this once; a running server takes it up in a second',
        ),
      )
        .option('--firm <id>', 'whose key', firm, defaultFirm)
        .addOption(new Option('--scope <scope>', 'what for').choices(scopes).makeOptionMandatory())
        .action(add),
    )
    .addCommand(
      withCommon(
        new Command('revoke')
          .argument('<mark>', 'as "aptus keys list" shows it')
          .description('makes a key useless; a running server refuses it within a second'),
      ).action(revoke),
    )
    .addCommand(
      withCommon(new Command('list').description('firm, scope and mark of each key; never a key')).action(list),
    )
}

/** The file of keys has one writer at a time, be it beside a server. */
async function changing<T>(data: string, work: (keys: Keys) => Promise<T>): Promise<T> {
  await refuseEmpty(data)
  const unlock = await lockDirectory(join(data, 'keys'))
  try {
    return await work(await keysOf(data))
  } finally {
    await unlock()
  }
}

async function add({ data, json, firm: firmId, scope }: Adding): Promise<void> {
  const key = await changing(data, (keys) => keys.add(scope, firmId))
  print(json, { firmId, scope, key }, () => key)
}

async function revoke(mark: string, { data, json }: Common): Promise<void> {
  if (!(await changing(data, (keys) => keys.revoke(mark))))
    throw new Failure(`no key has the mark ${mark}; "aptus keys list" shows the marks`)
  print(json, { revoked: mark }, () => `the key ${mark} is refused from now on`)
}

/** Reads the file alone, so it works beside a server. */
async function list({ data, json }: Common): Promise<void> {
  await refuseEmpty(data)
  const keys = (await keysOf(data)).list()
  print(json, keys, () => keys.map(({ firmId, scopes: of, mark }) => `${firmId}  ${of.join(',')}  ${mark}`).join('\n'))
}
