import { describe, expect, it } from 'vitest';
import { decodeText, readCsv, writeCsv } from './csv';

describe('tables as text', () => {
  it('are read with quotes, line breaks, a byte order mark and Windows line ends', () => {
    expect(readCsv('\uFEFFa,b\r\n"1,5","say ""hi""\nthere"\r\n\r\n2,\r\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1,5', 'say "hi"\nthere'] },
      { line: 5, cells: ['2', ''] }
    ]);
  });

  it('may come out of a spreadsheet’s cells', () => {
    expect(readCsv('户号\t姓名\n01\t张三').map((row) => row.cells)).toEqual([
      ['户号', '姓名'],
      ['01', '张三']
    ]);
    // A comma in the head decides for commas, whatever tabs stand around.
    expect(readCsv('a,b\t\n1,2')[0]?.cells).toEqual(['a', 'b']);
  });

  it('are none where there is nothing', () => {
    expect([readCsv(''), readCsv('\n \n'), readCsv('\uFEFF')]).toEqual([[], [], []]);
  });

  it('come back as they were written, and run no formula', () => {
    const rows = [
      ['编号', '说明'],
      ['A-1', '含,逗号与"引号"'],
      ['=1+1', '两\n行']
    ];
    const text = writeCsv(rows);
    expect(text.startsWith('\uFEFF')).toBe(true);
    expect(readCsv(text).map((row) => row.cells)).toEqual([rows[0], rows[1], ["'=1+1", '两\n行']]);
  });

  it('are decoded from UTF-8 and from GB 18030', () => {
    expect(decodeText(new TextEncoder().encode('户号').buffer as ArrayBuffer)).toBe('户号');
    expect(decodeText(Uint8Array.of(0xbb, 0xa7, 0xba, 0xc5).buffer)).toBe('户号');
  });
});
