import { messages } from '../messages';

/** Findings (审查意见) and failures. */
export const findings = messages({
  title: { zh: '审查意见', en: 'Findings' },
  refusal: { zh: '不予通过', en: 'Refused' },
  warning: { zh: '警示', en: 'Warning' },
  note: { zh: '提示', en: 'Note' },
  remedy: { zh: '怎么办：', en: 'What to do:' },
  basis: { zh: '依据', en: 'Basis' },
  rule: { zh: '规则', en: 'Rule' },
  facts: { zh: '事实', en: 'Facts' },
  more: { zh: '依据与事实', en: 'Basis and facts' },

  network: { zh: '连不上服务器', en: 'The server can’t be reached' },
  networkDetail: {
    zh: '请检查网络后重试。刚才提交的内容如已被受理，重试不会重复办理。',
    en: 'Check the connection and try again. If what you sent was accepted already, trying again won’t do it twice.'
  },
  'signed-out': { zh: '登录已失效', en: 'Your session is over' },
  'signed-outDetail': { zh: '请重新登录后继续。', en: 'Please sign in again to go on.' },
  forbidden: { zh: '您没有办理此事的权限', en: 'You may not do this' },
  forbiddenDetail: {
    zh: '此操作限于本地区的指定角色。如有疑问，请联系交易中心。',
    en: 'This is reserved for a certain role in this region. Ask the exchange if you believe you should have it.'
  },
  'not-found': { zh: '没有找到', en: 'Not found' },
  'not-foundDetail': { zh: '该内容不存在，或不向您公开。', en: 'It does not exist, or is not public to you.' },
  refused: { zh: '未能办理', en: 'This could not be done' },
  refusedDetail: { zh: '请按下列意见修改后再提交。', en: 'Please change what the findings say and submit again.' },
  busy: { zh: '现在人较多', en: 'The server is busy' },
  busyDetail: { zh: '请稍后再试。', en: 'Please try again in a moment.' },
  busyWait: { zh: '请在 {seconds} 秒后再试。', en: 'Please try again in {seconds} seconds.' },
  server: { zh: '系统出现故障', en: 'Something failed on our side' },
  serverDetail: {
    zh: '故障已记录。请稍后重试；已受理的事项不会丢失。',
    en: 'The fault was recorded. Please try again later; nothing that was accepted is lost.'
  },
  signIn: { zh: '去登录', en: 'Sign in' }
});
