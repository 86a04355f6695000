import { csvLine } from './csv.js'

test.each([
  [['a', 1, null, ''], 'a,1,,\n'],
  [['x,y', 'say "so"', 'two\nlines'], '"x,y","say ""so""","two\nlines"\n'],
  [['=1+1', '+a', '-b', '@c', '\td', '\re', -5, 'f-g'], "'=1+1,'+a,'-b,'@c,'\td,\"'\re\",-5,f-g\n"],
])('%j', (cells, line) => expect(csvLine(cells)).toBe(line))
