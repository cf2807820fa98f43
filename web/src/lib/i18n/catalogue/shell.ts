import { messages } from '../messages';

/** The frame around every page. */
export const shell = messages({
  brand: { zh: '三变', en: 'Sanbian' },
  tagline: { zh: '农村产权流转交易', en: 'Rural property-rights exchange' },
  skip: { zh: '跳到正文', en: 'Skip to content' },
  menu: { zh: '菜单', en: 'Menu' },
  close: { zh: '关闭', en: 'Close' },
  publicNav: { zh: '公开栏目', en: 'Public pages' },
  workNav: { zh: '我的工作', en: 'My work' },
  signIn: { zh: '登录', en: 'Sign in' },
  signOut: { zh: '退出登录', en: 'Sign out' },
  signedInAs: { zh: '已登录：{name}', en: 'Signed in as {name}' },
  serverTime: { zh: '服务器时间', en: 'Server time' },
  movedClock: { zh: '演示时钟', en: 'Demonstration clock' },
  movedClockHint: {
    zh: '这是演示环境，业务时钟已被调快。期限按此时钟计算。',
    en: 'This is a demonstration; its business clock was moved. Deadlines follow this clock.'
  },
  footerTrust: {
    zh: '每一步都写入公开账本，任何人都可以验证。',
    en: 'Every step stands in a public log that anyone can check.'
  },
  footerTime: { zh: '页面时间均为北京时间，以服务器时间为准。', en: 'All times are Beijing time; the server’s clock decides.' },
  api: { zh: '接口说明', en: 'API description' },
  source: { zh: '账本检查点', en: 'Log checkpoint' },
  home: { zh: '首页', en: 'Home' }
});
