/** Roles (角色) as the API names them. */
import { messages } from '../i18n';

export const ROLES = [
  'clerk',
  'chair',
  'member',
  'bidder',
  'township-reviewer',
  'county-reviewer',
  'operator',
  'finance',
  'supervisor',
  'administrator'
] as const;
export type Role = (typeof ROLES)[number];

/** A role held within a region; an empty region is everywhere. */
export interface Grant {
  role: Role;
  region: string;
}

/** The role of that name, if these pages know it. */
export function roleOf(name: string): Role | null {
  return ROLES.find((role) => role === name) ?? null;
}

/** The role's name for people. */
export const roleName = messages({
  clerk: { zh: '集体经办人', en: 'Collective clerk' },
  chair: { zh: '集体负责人', en: 'Collective chair' },
  member: { zh: '集体成员', en: 'Collective member' },
  bidder: { zh: '竞买人', en: 'Bidder' },
  'township-reviewer': { zh: '乡镇审核员', en: 'Township reviewer' },
  'county-reviewer': { zh: '县级审核员', en: 'County reviewer' },
  operator: { zh: '交易中心经办人', en: 'Exchange operator' },
  finance: { zh: '交易中心财务', en: 'Exchange finance' },
  supervisor: { zh: '监督员', en: 'Supervisor' },
  administrator: { zh: '系统管理员', en: 'Administrator' }
});
