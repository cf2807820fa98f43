import { describe, expect, it } from 'vitest';
import { findingOf } from '../api/problem';
import { lineOf, readRegister, relationOf } from './register';

const TABLE = `户号,姓名,身份证号,与户主关系,自食其力
001,甲一,11010519491231002X,户主,
,甲二,110105194912310021,配偶,
002,乙一,110105194912310022,户主,是
002,乙二,110105194912310023,儿媳,`;

describe('a register of members', () => {
  it('is read by households, also where a number stands on the first line only', () => {
    const read = readRegister(TABLE);
    expect(read.faults).toEqual([]);
    expect(read.members).toBe(4);
    expect(read.households.map((one) => [one.number, one.members.map((member) => member.relation)])).toEqual([
      ['001', ['head', 'spouse']],
      ['002', ['head', 'other']]
    ]);
    expect(read.households[0]?.members[0]?.identity_number).toBe('11010519491231002X');
    expect(read.households[1]?.members[0]).toMatchObject({ self_supporting: true });
    expect(read.households[1]?.members[1]).not.toHaveProperty('self_supporting');
  });

  it('keeps a household together whose lines lie apart', () => {
    const read = readRegister('户号,姓名,身份证号,关系\n1,a,x,户主\n2,b,y,户主\n1,c,z,长女');
    expect(read.households.map((one) => one.members.length)).toEqual([2, 1]);
    expect(read.lines).toEqual([[2, 4], [3]]);
  });

  it('says which columns are missing, and which cells', () => {
    expect(readRegister('姓名,性别\na,男').faults).toEqual([{ kind: 'no-head', missing: ['户号', '身份证号', '与户主关系'] }]);
    expect(readRegister('').faults).toEqual([{ kind: 'empty' }]);
    expect(readRegister('户号,姓名,身份证号,关系\n').faults).toEqual([{ kind: 'empty' }]);
    expect(readRegister('户号,姓名,身份证号,关系\n1,,x,户主\n2,b,,').faults).toEqual([
      { kind: 'missing', line: 2, column: '姓名' },
      { kind: 'missing', line: 3, column: '身份证号' },
      { kind: 'missing', line: 3, column: '与户主关系' }
    ]);
  });

  it('takes heads with remarks in brackets', () => {
    expect(readRegister('户号（必填）,姓名*,身份证号码,与户主关系\n1,a,x,户主').faults).toEqual([]);
  });

  it('knows kinship', () => {
    expect(['户主', '妻子', '次子', '母亲', '孙女', 'Spouse', ' 户主 ', ''].map(relationOf)).toEqual([
      'head',
      'spouse',
      'child',
      'parent',
      'other',
      'spouse',
      'head',
      ''
    ]);
  });

  it('finds the line of a finding', () => {
    const read = readRegister(TABLE);
    const at = (field: string | null) => lineOf(findingOf({ rule: 'r', field }), read);
    expect([at('households[1].members[1].identity_number'), at('households[1].number'), at('households[0]'), at('households[9]'), at(null)]).toEqual([
      5, 4, 2, null, null
    ]);
  });
});
