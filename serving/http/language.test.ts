import { languageOf } from './language.js'

test.each([
  [undefined, 'zh-CN'],
  ['', 'zh-CN'],
  ['*', 'zh-CN'],
  ['en', 'en'],
  ['en-GB,en;q=0.9', 'en'],
  ['zh-TW', 'zh-CN'],
  ['fr', 'zh-CN'],
  ['fr, en;q=0.3', 'en'],
  ['en;q=0.5, zh;q=0.8', 'zh-CN'],
  ['en;q=0.8, *;q=0.1', 'en'],
  ['en;q=0', 'zh-CN'],
  ['EN ; q=1', 'en'],
  ['en;q=nonsense', 'zh-CN'],
])('%s → %s', (header, language) => expect(languageOf(header)).toBe(language))
